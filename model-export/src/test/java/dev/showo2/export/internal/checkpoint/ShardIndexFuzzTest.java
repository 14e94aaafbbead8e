package dev.showo2.export.internal.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.export.internal.torch.TorchFileBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Indexes beside two intact shards, one of each format. */
class ShardIndexFuzzTest {

  private static final String INDEX =
      """
      {"metadata":{"total_size":16},"weight_map":{"x":"x.bin","a":"ab.safetensors",
      "b":"ab.safetensors"}}""";

  private static final String MISSING =
      """
      {"weight_map":{"x":"x.bin","y":"y.bin","z":"x.bin"}}""";

  @TempDir static Path folder;

  @BeforeAll
  static void writeShards() throws IOException {
    new TorchFileBuilder().floats("x", new float[] {1, 2}, 2).write(folder.resolve("x.bin"));
    byte[] shard = SafetensorsHeaderFuzzTest.file(SafetensorsHeaderFuzzTest.HEADER);
    Files.write(folder.resolve("ab.safetensors"), shard);
  }

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void indexesAreReadOrRefused(byte[] index) throws Exception {
    FuzzedWeights.readOrRefuse(folder.resolve("fuzzed.index.json"), index);
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.of(
        Named.of("whole", INDEX.getBytes(StandardCharsets.UTF_8)),
        Named.of("with a missing shard", MISSING.getBytes(StandardCharsets.UTF_8)));
  }
}
