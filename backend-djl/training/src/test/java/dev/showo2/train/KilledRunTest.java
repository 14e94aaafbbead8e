package dev.showo2.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Ends the process of a run at random instants, most of which are within a checkpoint. */
class KilledRunTest {

  /** A step of the run takes about 50 ms, most of it for the checkpoint. */
  private static final int DELAY_MILLISECONDS = 100;

  private static final long PATIENCE_SECONDS = 120;

  @TempDir Path folder;

  private Process start(Path run, long every) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xmx128m",
            "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
            "-cp",
            System.getProperty("java.class.path"),
            EndlessRun.class.getName(),
            run.toString(),
            String.valueOf(every))
        .redirectError(folder.resolve("stderr.txt").toFile())
        .start();
  }

  private static long step(String line) {
    return Long.parseLong(line.substring(line.lastIndexOf('-') + 1));
  }

  @Test
  void killsLoseNoCheckpointThatWasTold() throws IOException, InterruptedException {
    kill(8);
  }

  @Test
  @Tag("soak")
  void fiftyKillsLoseNoCheckpointThatWasTold() throws IOException, InterruptedException {
    kill(50);
  }

  private void kill(int kills) throws IOException, InterruptedException {
    Random random = new Random(7);
    Path run = folder.resolve("run");
    long told = 0;
    for (int kill = 0; kill < kills; kill++) {
      Process process = start(run, 1);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        // At least one, so that each process gets further.
        told = Math.max(told, step(line(out, "checkpoint-")));
        process.waitFor(random.nextInt(DELAY_MILLISECONDS), TimeUnit.MILLISECONDS);
        // By its handle: the process itself would also close the stream that is read here.
        process.toHandle().destroyForcibly();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          told = line.matches("checkpoint-\\d+") ? Math.max(told, step(line)) : told;
        }
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "did not end");
      } finally {
        process.destroyForcibly();
      }
      List<Long> there = RunFolder.checkpoints(run);
      long newest = there.get(there.size() - 1);
      assertTrue(newest >= told, "kill " + kill + ": told " + told + ", left " + there);
    }
    // Two more steps, so that what the last kill left behind is gone as well.
    long last = RunFolder.checkpoints(run).get(RunFolder.checkpoints(run).size() - 1) + 2;
    FakeTrainable killed = new FakeTrainable(EndlessRun.SIZE);
    assertEquals(
        last, EndlessRun.run(run, killed, last, 1, TrainingListener.NONE).resume().steps());
    FakeTrainable whole = new FakeTrainable(EndlessRun.SIZE);
    EndlessRun.run(folder.resolve("whole"), whole, last, 1, TrainingListener.NONE).start();
    assertEquals(whole.bits(), killed.bits());
    assertEquals(files(folder.resolve("whole")), files(run));
    assertEquals(
        last + 1, Files.readAllLines(run.resolve(RunMetrics.CSV)).size(), "a line each step");
    assertEquals(List.of(), files(folder.resolve("tmp")));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // No SIGTERM.
  void aProcessThatIsAskedToEndWritesACheckpoint() throws IOException, InterruptedException {
    Path run = folder.resolve("run");
    Process process = start(run, Long.MAX_VALUE);
    List<String> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      lines.add(line(out, "step-"));
      process.toHandle().destroy();
      out.lines().forEach(lines::add);
      assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "did not end");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(143, process.exitValue());
    assertEquals("", Files.readString(folder.resolve("stderr.txt")).replaceAll("SLF4J.*\n", ""));
    long last = step(lines.get(lines.size() - 2));
    assertEquals("checkpoint-" + last, lines.get(lines.size() - 1));
    assertEquals(List.of(last), RunFolder.checkpoints(run));
    assertTrue(files(run).stream().noneMatch(name -> name.matches("\\.(check|showo2).*")));
    assertEquals(List.of(), files(folder.resolve("tmp")));
  }

  private String line(BufferedReader out, String start) throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith(start)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new AssertionError(Files.readString(folder.resolve("stderr.txt")));
    }
    return line;
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("hsperfdata"))
          .sorted()
          .toList();
    }
  }
}
