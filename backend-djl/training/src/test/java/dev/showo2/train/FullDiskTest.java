package dev.showo2.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On a disk in memory on which one checkpoint fits and a second does not. */
class FullDiskTest {

  private static final int BLOCK = 4096;
  private static final long DISK = 7 << 20;

  /** A checkpoint has four files of one MiB each. */
  private static final int SIZE = 1 << 18;

  @Test
  void aFullDiskIsOneErrorAndKeepsTheLastCheckpoint() throws IOException {
    try (FileSystem disk =
        Jimfs.newFileSystem(
            Configuration.unix().toBuilder().setBlockSize(BLOCK).setMaxSize(DISK).build())) {
      Path folder = disk.getPath("/run");
      FakeTrainable model = new FakeTrainable(SIZE);
      FakeBatches data = new FakeBatches("a.jsonl", 1, 9);
      TrainingRun run = Runs.of(folder, model, data, 9).checkpoints(2, 1).build();
      UncheckedIOException failure = assertThrows(UncheckedIOException.class, run::start);
      String message = failure.getMessage();
      assertTrue(
          message.matches(
              "cannot write /run/checkpoint-4: .* \\(4 MiB are needed, \\d MiB are free\\); the"
                  + " last one, /run/checkpoint-2, is kept. Make room and resume the run"),
          message);
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(
            List.of(".lock", "checkpoint-2", "curves.png", "metrics.csv", "metrics.jsonl"),
            left.map(file -> file.getFileName().toString()).sorted().toList());
      }
      FakeTrainable again = new FakeTrainable(SIZE);
      TrainingRun resumed = Runs.of(folder, again, data, 9).checkpoints(9, 1).build();
      assertThrows(UncheckedIOException.class, resumed::resume);
      assertEquals(List.of(2L), RunFolder.checkpoints(folder));
    }
  }
}
