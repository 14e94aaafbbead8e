package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Bundle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFolderTest {

  @TempDir Path folder;

  @Test
  void appearsInOneMove() throws IOException {
    Path place = folder.resolve("bundle");
    try (OutputFolder bundle = OutputFolder.create(place, "bundle")) {
      Files.writeString(bundle.working().resolve("a"), "1");
      assertFalse(Files.exists(place));
      assertTrue(bundle.working().getFileName().toString().startsWith(".bundle.partial-"));
      bundle.commit();
    }
    assertEquals(List.of("bundle"), Leftovers.names(folder));
    assertEquals("1", Files.readString(place.resolve("a")));
  }

  /** What a process that was killed leaves is no bundle at the bundle's place. */
  @Test
  void halfAFolderNeverOpens() throws IOException {
    Path place = folder.resolve("bundle");
    OutputFolder killed = OutputFolder.create(place, "bundle");
    Files.writeString(killed.working().resolve("showo2.json"), "{}");
    assertThrows(InvalidModelException.class, () -> Bundle.open(place));
    try (OutputFolder next = OutputFolder.create(place, "bundle")) {
      next.commit();
    }
    assertTrue(Files.isDirectory(place), "the rest is in nobody's way");
    killed.close();
    assertEquals(List.of("bundle"), Leftovers.names(folder));
  }

  @Test
  void deletesWhateverIsInIt() throws IOException {
    try (OutputFolder bundle = OutputFolder.create(folder.resolve("a/b/bundle"), "bundle")) {
      Path inner = Files.createDirectories(bundle.working().resolve("cache/engine"));
      Files.writeString(inner.resolve("plan"), "1");
      Files.createSymbolicLink(bundle.working().resolve("link"), folder);
    }
    assertEquals(List.of(), Leftovers.names(folder));
  }

  @Test
  void isReadableForWhoeverTheUserLetsRead() throws IOException {
    Path usual = Files.createDirectory(folder.resolve("usual"));
    try (OutputFolder bundle = OutputFolder.create(folder.resolve("bundle"), "bundle")) {
      assertEquals(
          Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(bundle.working()));
    }
  }

  @Test
  void takesAnEmptyFolderAlsoBehindALink() throws IOException {
    Path place = Files.createDirectory(folder.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(folder.resolve("bundle"), place);
    try (OutputFolder bundle = OutputFolder.create(link, "bundle")) {
      Files.writeString(bundle.working().resolve("a"), "1");
      bundle.commit();
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("1", Files.readString(place.resolve("a")));
  }

  @Test
  void leavesAloneWhatSomebodyElsePutThere() throws IOException {
    Path place = folder.resolve("bundle");
    try (OutputFolder bundle = OutputFolder.create(place, "bundle")) {
      Files.writeString(place, "a file");
      assertThrows(FileAlreadyExistsException.class, bundle::commit);
    }
    assertEquals("a file", Files.readString(place));
    Files.delete(place);
    try (OutputFolder bundle = OutputFolder.create(place, "bundle")) {
      Files.writeString(Files.createDirectory(place).resolve("b"), "theirs");
      Exception e = assertThrows(FileAlreadyExistsException.class, bundle::commit);
      assertEquals(place + ": was made by somebody else meanwhile", e.getMessage());
    }
    assertEquals(List.of("b"), Leftovers.names(place));
    assertEquals(List.of("bundle"), Leftovers.names(folder));
  }

  @Test
  void oneOfTwoExportsToOnePlaceWins() throws Exception {
    Path checkpoint = TestCheckpoint.tiny().write(folder.resolve("checkpoint"));
    Path place = folder.resolve("bundle");
    CyclicBarrier bothFoundItFree = new CyclicBarrier(2);
    Callable<ExportSummary> export =
        () ->
            ModelExporter.export(
                ExportRequest.of(checkpoint, place),
                new ExportListener() {
                  @Override
                  public void phase(String what) {
                    if (what.equals("writing graphs")) {
                      await(bothFoundItFree);
                    }
                  }
                });
    ExecutorService threads = Executors.newFixedThreadPool(2);
    List<Throwable> failures = new ArrayList<>();
    try {
      for (Future<ExportSummary> result : threads.invokeAll(List.of(export, export))) {
        try {
          assertEquals(place, result.get().bundle());
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, failures.size(), failures::toString);
    assertEquals(FileAlreadyExistsException.class, failures.get(0).getClass());
    assertEquals("checkpoint", Bundle.open(place).manifest().name());
    assertEquals(List.of("bundle", "checkpoint"), Leftovers.names(folder));
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
