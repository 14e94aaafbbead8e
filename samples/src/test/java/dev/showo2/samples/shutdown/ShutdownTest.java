package dev.showo2.samples.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are asked to end while they work: no crash, nothing left. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class ShutdownTest {

  private static final long SEED = Long.getLong("shutdown.seed", 1);

  @TempDir private Path folder;

  @Test
  void endsCleanlyAtEveryMoment() throws Exception {
    kill(14); // Each moment once.
  }

  @Test
  @Tag("soak")
  void endsCleanlyTwoHundredTimes() throws Exception {
    kill(200);
  }

  private void kill(int count) throws Exception {
    TestCache.bundle();
    List<String> wrong = new ArrayList<>();
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<List<String>>> kills = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        kills.add(two.submit(() -> Kills.one(number, SEED, child(number))));
      }
      for (Future<List<String>> kill : kills) {
        wrong.addAll(kill.get());
      }
    } finally {
      two.shutdownNow();
    }
    assertEquals(List.of(), wrong);
  }

  private Path child(int number) throws IOException {
    return Files.createDirectory(folder.resolve("child-" + number));
  }
}
