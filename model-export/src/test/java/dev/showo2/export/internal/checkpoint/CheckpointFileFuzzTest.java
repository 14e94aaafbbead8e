package dev.showo2.export.internal.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.export.internal.torch.TestStateDictPickle.View;
import dev.showo2.export.internal.torch.TorchFileBuilder;
import dev.showo2.tensor.ElementType;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole files, whatever format they seem to have. */
class CheckpointFileFuzzTest {

  @TempDir static Path folder;

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    FuzzedWeights.readOrRefuse(folder.resolve("fuzzed.bin"), file);
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.of(
        Named.of("torch", torchFile().toBytes()),
        Named.of("torch with zip64 fields", torchFile().zip64().toBytes()),
        Named.of("torch without tensors", new TorchFileBuilder().toBytes()),
        Named.of("safetensors", SafetensorsHeaderFuzzTest.file(SafetensorsHeaderFuzzTest.HEADER)));
  }

  private static TorchFileBuilder torchFile() {
    View transposed = new View(0, new long[] {2, 2}, new long[] {1, 2});
    return new TorchFileBuilder()
        .floats("a", new float[] {1, 2, 3, 4}, 2, 2)
        .view("b", ElementType.FLOAT32, "0", transposed);
  }
}
