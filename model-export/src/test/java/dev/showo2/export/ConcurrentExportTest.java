package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Bundle;
import java.nio.file.FileAlreadyExistsException;
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

class ConcurrentExportTest {

  @TempDir Path folder;

  @Test
  void oneOfTwoExportsToOnePlaceWins() throws Exception {
    Path checkpoint = TestCheckpoint.tiny().write(folder.resolve("checkpoint"));
    Path target = folder.resolve("bundle");
    CyclicBarrier bothFoundItFree = new CyclicBarrier(2);
    Callable<ExportSummary> export =
        () ->
            ModelExporter.export(
                ExportRequest.of(checkpoint, target),
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
          assertEquals(target, result.get().bundle());
        } catch (ExecutionException e) {
          failures.add(e.getCause());
        }
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, failures.size(), failures::toString);
    assertEquals(FileAlreadyExistsException.class, failures.get(0).getClass());
    assertEquals("checkpoint", Bundle.open(target).manifest().name());
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
