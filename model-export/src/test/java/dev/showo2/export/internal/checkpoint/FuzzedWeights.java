package dev.showo2.export.internal.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.UntrustedInput;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.util.Optional;

/** Opens a checkpoint made by a fuzzer and reads all that it can reasonably be asked for. */
public final class FuzzedWeights {

  /** A view may repeat its values up to some hundred megabytes, which only takes time. */
  private static final long MAX_READ_BYTES = 1 << 16;

  private FuzzedWeights() {}

  public static void readOrRefuse(Path file, byte[] bytes) throws Exception {
    UntrustedInput.overwrite(file, bytes);
    int length = bytes.length;
    Optional<CheckpointWeights> opened =
        UntrustedInput.readOrRefuse(length, () -> Checkpoints.open(file));
    if (opened.isEmpty()) {
      return;
    }
    try (CheckpointWeights weights = opened.get()) {
      for (String name : weights.names()) {
        assertTrue(weights.names().contains(weights.sharedWith(name)), name);
        if (byteLength(weights, name) <= MAX_READ_BYTES) {
          UntrustedInput.readOrRefuse(length, () -> readWhole(weights, name));
          UntrustedInput.readOrRefuse(length, () -> weights.readFloats(name));
        }
      }
    }
  }

  private static long readWhole(CheckpointWeights weights, String name) throws Exception {
    long[] count = new long[1];
    weights.read(name, chunk -> count[0] += chunk.remaining());
    assertEquals(byteLength(weights, name), count[0], name);
    return count[0];
  }

  private static long byteLength(CheckpointWeights weights, String name) {
    return weights.shape(name).elementCount() * weights.type(name).byteSize();
  }
}
