package dev.showo2.samples.shutdown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.shutdown.WorkingProcess.Work;
import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    kill(15); // Each moment once.
  }

  @Test
  @Tag("soak")
  void endsCleanlyTwoHundredTimes() throws Exception {
    kill(200);
  }

  private void kill(int count) throws Exception {
    TestCache.bundle();
    together(count, (number, child) -> Kills.one(number, SEED, child));
  }

  @Test
  void endsCleanlyAtEveryMomentOnPyTorch() throws Exception {
    together(9, (number, child) -> Kills.oneOnPyTorch(number, SEED, child));
  }

  @Test
  @Tag("soak")
  void endsCleanlyAHundredTimesOnPyTorch() throws Exception {
    together(100, (number, child) -> Kills.oneOnPyTorch(number, SEED, child));
  }

  @Test
  void leavesNoHalfOfPyTorchBehind() throws Exception {
    together(1, (number, child) -> Kills.unpacking(number, SEED, child));
  }

  @Test
  @Tag("soak")
  void leavesNoHalfOfPyTorchBehindTwentyTimes() throws Exception {
    together(20, (number, child) -> Kills.unpacking(number, SEED, child));
  }

  @Test
  void serviceOnPyTorchFinishesWhatItHasBegun() throws Exception {
    Kills.End end = Kills.kill(Kills.DJL, Work.SERVICE, "step", new Random(SEED), child(0));
    assertEquals(List.of(), end.wrong());
    assertTrue(end.states().containsAll(List.of("answered", "closed")), end.states().toString());
  }

  @Test
  void commandEndsWithOneLineAtMost() throws Exception {
    command(Kills.ONNX, 4);
    command(Kills.DJL, 2);
  }

  @Test
  @Tag("soak")
  void commandEndsWithOneLineAtMostFiftyTimes() throws Exception {
    command(Kills.ONNX, 50);
    command(Kills.DJL, 20);
  }

  private void command(String backend, int count) throws Exception {
    TestCache.bundle();
    // From the start of the JVM, over opening, to the drawing.
    int most = backend.equals(Kills.DJL) ? 5000 : 2500;
    together(
        count,
        (number, child) -> Kills.command(backend, new Random(SEED * 1000 + number), most, child));
  }

  @Test
  void serviceFinishesWhatItHasBegunWithinItsGrace() throws Exception {
    TestCache.bundle();
    Kills.End end = Kills.kill(Kills.ONNX, Work.SERVICE, "step", new Random(SEED), child(0));
    assertEquals(List.of(), end.wrong());
    assertFalse(end.states().contains("cancelled"), end.states().toString());
    assertTrue(end.states().containsAll(List.of("answered", "closed")), end.states().toString());
  }

  /** Kills a process and tells what was wrong. */
  private interface Kill {
    List<String> run(int number, Path folder) throws IOException, InterruptedException;
  }

  private void together(int count, Kill kill) throws Exception {
    List<String> wrong = new ArrayList<>();
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<List<String>>> kills = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        kills.add(two.submit(() -> kill.run(number, child(number))));
      }
      for (Future<List<String>> each : kills) {
        wrong.addAll(each.get());
      }
    } finally {
      two.shutdownNow();
    }
    assertEquals(List.of(), wrong);
  }

  private Path child(int number) throws IOException {
    return Files.createTempDirectory(folder, "child-" + number + "-");
  }
}
