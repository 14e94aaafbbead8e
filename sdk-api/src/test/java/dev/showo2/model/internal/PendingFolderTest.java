package dev.showo2.model.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PendingFolderTest {

  @TempDir Path folder;

  @Test
  void appearsInOneMove() throws IOException {
    Path target = folder.resolve("bundle");
    try (PendingFolder bundle = PendingFolder.create(target)) {
      Files.writeString(bundle.working().resolve("a"), "1");
      assertFalse(Files.exists(target));
      assertTrue(bundle.working().getFileName().toString().startsWith(".bundle.partial-"));
      bundle.commit();
    }
    assertEquals(List.of("bundle"), names(folder));
    assertEquals("1", Files.readString(target.resolve("a")));
  }

  /** The remains of a killed process are not at the bundle's path. */
  @Test
  void halfAFolderNeverOpens() throws IOException {
    Path target = folder.resolve("bundle");
    PendingFolder killed = PendingFolder.create(target);
    Files.writeString(killed.working().resolve("showo2.json"), "{}");
    assertThrows(InvalidModelException.class, () -> Bundle.open(target));
    try (PendingFolder next = PendingFolder.create(target)) {
      next.commit();
    }
    assertTrue(Files.isDirectory(target), "the rest is in nobody's way");
    killed.close();
    assertEquals(List.of("bundle"), names(folder));
  }

  @Test
  void deletesWhateverIsInIt() throws IOException {
    try (PendingFolder bundle = PendingFolder.create(folder.resolve("a/b/bundle"))) {
      Path inner = Files.createDirectories(bundle.working().resolve("cache/engine"));
      Files.writeString(inner.resolve("plan"), "1");
      Files.createSymbolicLink(bundle.working().resolve("link"), folder);
    }
    assertEquals(List.of(), names(folder));
  }

  @Test
  void isReadableForWhoeverTheUserLetsRead() throws IOException {
    Path usual = Files.createDirectory(folder.resolve("usual"));
    try (PendingFolder bundle = PendingFolder.create(folder.resolve("bundle"))) {
      assertEquals(
          Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(bundle.working()));
    }
  }

  @Test
  void replacesAnEmptyFolderAlsoBehindALink() throws IOException {
    Path target = Files.createDirectory(folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(folder.resolve("bundle"), target);
    try (PendingFolder bundle = PendingFolder.create(link)) {
      Files.writeString(bundle.working().resolve("a"), "1");
      bundle.commit();
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("1", Files.readString(target.resolve("a")));
  }

  @Test
  void keepsFilesThatAppearedMeanwhile() throws IOException {
    Path target = folder.resolve("bundle");
    try (PendingFolder bundle = PendingFolder.create(target)) {
      Files.writeString(target, "a file");
      assertThrows(FileAlreadyExistsException.class, bundle::commit);
    }
    assertEquals("a file", Files.readString(target));
    Files.delete(target);
    try (PendingFolder bundle = PendingFolder.create(target)) {
      Files.writeString(Files.createDirectory(target).resolve("b"), "theirs");
      Exception e = assertThrows(FileAlreadyExistsException.class, bundle::commit);
      assertEquals(target + ": was made by somebody else meanwhile", e.getMessage());
    }
    assertEquals(List.of("b"), names(target));
    assertEquals(List.of("bundle"), names(folder));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
