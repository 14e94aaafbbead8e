package dev.showo2.export.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Asserts that a checkpoint is refused with a message that helps. */
public final class CheckpointRefusals {

  private CheckpointRefusals() {}

  /** Opens the file and reads all of it; one of both must fail and say all of the parts. */
  public static void assertRefused(Path file, String... parts) {
    InvalidModelException e = assertThrows(InvalidModelException.class, () -> readAll(file));
    assertSays(e, file.getFileName().toString());
    assertSays(e, parts);
  }

  public static void assertRefused(Path folder, byte[] contents, String... parts) {
    try {
      assertRefused(Files.write(folder.resolve("evil.bin"), contents), parts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void assertSays(Throwable e, String... parts) {
    for (String part : parts) {
      assertTrue(
          e.getMessage().contains(part),
          () -> "'" + part + "' is missing in the message: " + e.getMessage());
    }
  }

  public static void readAll(Path file) throws IOException {
    try (CheckpointWeights weights = Checkpoints.open(file)) {
      for (String name : weights.names()) {
        weights.read(name, chunk -> {});
      }
    }
  }
}
