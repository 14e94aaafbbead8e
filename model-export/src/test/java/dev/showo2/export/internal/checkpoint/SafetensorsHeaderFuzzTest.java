package dev.showo2.export.internal.checkpoint;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.export.UntrustedInput;
import dev.showo2.model.SafetensorsFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers of safetensors files, with their right length before them and eight bytes behind. */
class SafetensorsHeaderFuzzTest {

  public static final String HEADER =
      """
      {"__metadata__":{"format":"pt"},
      "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
      "b":{"dtype":"BF16","shape":[2,1],"data_offsets":[4,8]}}""";

  private static final String ODD_HEADER =
      """
      {"a":{"dtype":"U8","shape":[2e0,3],"data_offsets":[0,6],"more":[null,true,-1.5E-3]},
      "\\u00e4":{"dtype":"I16","shape":[],"data_offsets":[6,8]},
      "z":{"dtype":"F64","shape":[0,9],"data_offsets":[8,8]}}""";

  private static final int DATA_BYTES = 8;

  @TempDir static Path folder;

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void headersAreReadOrRefused(byte[] header) throws Exception {
    Path path = folder.resolve("fuzzed.safetensors");
    byte[] file = file(header);
    FuzzedWeights.readOrRefuse(path, file);
    Optional<SafetensorsFile> opened =
        UntrustedInput.readOrRefuse(file.length, () -> SafetensorsFile.open(path));
    if (opened.isPresent()) {
      readTensors(opened.get(), file.length);
    }
  }

  private static void readTensors(SafetensorsFile opened, int length) throws Exception {
    try (opened) {
      for (String name : opened.tensors().keySet()) {
        UntrustedInput.readOrRefuse(length, () -> opened.readFloats(name));
        UntrustedInput.readOrRefuse(length, () -> opened.readIntegers(name));
      }
    }
  }

  static Stream<Named<byte[]>> seeds() {
    return Stream.of(
        Named.of("usual", HEADER.getBytes(StandardCharsets.UTF_8)),
        Named.of("odd", ODD_HEADER.getBytes(StandardCharsets.UTF_8)));
  }

  static byte[] file(String header) {
    return file(header.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] file(byte[] header) {
    return ByteBuffer.allocate(Long.BYTES + header.length + DATA_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .array();
  }
}
