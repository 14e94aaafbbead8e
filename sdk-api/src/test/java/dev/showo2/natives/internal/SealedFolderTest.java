package dev.showo2.natives.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.natives.internal.SealedFolder.Endings;
import dev.showo2.natives.internal.SealedFolder.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Entries of two files; the tests of engine caches have those of one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SealedFolderTest {

  private static final Endings ENDINGS = new Endings(".entry", Optional.of(".data"));
  private static final int DATA_BYTES = 10_000;

  @TempDir Path parent;

  private SealedFolder open(long limitBytes) throws IOException {
    return SealedFolder.open(parent.resolve("folder"), ENDINGS, limitBytes);
  }

  private static Entry add(SealedFolder folder, String key) throws IOException {
    try (SealedFolder.BuildFolder work = folder.createBuildFolder(key)) {
      Path entry = Files.writeString(work.path().resolve("a"), "entry " + key);
      Path data = Files.write(work.path().resolve("b"), new byte[DATA_BYTES]);
      return folder.add(key, entry, Optional.of(data));
    }
  }

  private void age(String key) throws IOException {
    Files.setLastModifiedTime(
        parent.resolve("folder").resolve(key + ".entry"),
        FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
  }

  private boolean isComplete(String key) {
    boolean entry = Files.exists(parent.resolve("folder").resolve(key + ".entry"));
    assertEquals(entry, Files.exists(parent.resolve("folder").resolve(key + ".data")));
    return entry;
  }

  @Test
  void anEntryIsFoundWithItsCompanion() throws IOException {
    try (SealedFolder folder = open(Long.MAX_VALUE)) {
      add(folder, "a").close();
      try (Entry entry = folder.find("a").orElseThrow()) {
        assertEquals("entry a", StandardCharsets.UTF_8.decode(entry.parts().get(0)).toString());
        assertEquals(DATA_BYTES, Files.size(entry.companion().orElseThrow()));
      }
      assertTrue(folder.find("b").isEmpty());
    }
  }

  @Test
  void companionsCountAndGoWithTheirEntries() throws IOException {
    try (SealedFolder folder = open(2 * DATA_BYTES + 1000)) {
      add(folder, "a").close();
      age("a");
      add(folder, "b").close();
      assertTrue(isComplete("a"));
      add(folder, "c").close();
      assertFalse(isComplete("a"));
      assertTrue(isComplete("b"));
      assertTrue(isComplete("c"));
    }
  }

  @Test
  void anEntryInUseStays() throws IOException {
    try (SealedFolder folder = open(DATA_BYTES + 1000)) {
      Entry used = add(folder, "a");
      age("a");
      add(folder, "b").close();
      assertTrue(isComplete("a"));
      used.close();
      add(folder, "c").close();
      assertFalse(isComplete("a"));
    }
  }

  @Test
  void companionsAloneAreDeletedUnlessTheyAreBeingWritten() throws IOException {
    Path orphan;
    try (SealedFolder folder = open(Long.MAX_VALUE)) {
      orphan = Files.writeString(folder.path().resolve("a.data"), "half");
      CacheLocks.Held building = folder.tryBuilding("a").orElseThrow();
      try (building) {
        open(Long.MAX_VALUE).close();
        assertTrue(Files.exists(orphan));
      }
      open(Long.MAX_VALUE).close();
      assertFalse(Files.exists(orphan));
    }
  }

  @Test
  void aBuildFolderGoesWithItsBuild() throws IOException {
    try (SealedFolder folder = open(Long.MAX_VALUE)) {
      Path path;
      try (SealedFolder.BuildFolder work = folder.createBuildFolder("a")) {
        path = work.path();
        Files.writeString(path.resolve("half"), "half");
      }
      assertFalse(Files.exists(path));
    }
  }
}
