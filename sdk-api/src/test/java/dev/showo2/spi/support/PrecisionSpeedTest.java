package dev.showo2.spi.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.Device;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The kinds of processors and the speed of precisions on them. */
class PrecisionSpeedTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "fpu sse2, UNKNOWN",
    "fpu avx avx2 fma, AVX2",
    "avx2 avx512f avx512bw, AVX512",
    "avx2 avx512f avx512_vnni, AVX512_VNNI",
    "avx2 avx_vnni, AVX2",
    "avx2 avx512f avx512_vnni amx_tile amx_int8 amx_bf16, AMX",
    "'', UNKNOWN"
  })
  void processorsAreKnownByTheirFlags(String flags, ProcessorKind kind) throws IOException {
    Path processors = folder.resolve("cpuinfo");
    Files.writeString(processors, "processor\t: 0\nflags\t\t: " + flags + "\nprocessor\t: 1\n");
    assertEquals(kind, ProcessorKind.of(processors));
    assertEquals(ProcessorKind.UNKNOWN, ProcessorKind.of(folder.resolve("absent")));
  }

  /** Every kind that was measured has all precisions, fp32 being the unit. */
  @ParameterizedTest
  @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void eightBitsAreFastestWhereSomethingIsKnown(ProcessorKind kind) {
    PrecisionSpeed speed = PrecisionSpeed.of("onnx", kind);
    assertEquals(Precision.INT8, speed.fastest());
    assertEquals(1, speed.step(Precision.FP32).orElseThrow());
    for (Precision precision : Precision.values()) {
      double ratio = speed.step(precision).orElseThrow();
      assertTrue(ratio > 0.01 && ratio < 100, () -> kind + " " + precision + " " + ratio);
    }
  }

  @Test
  void whatWasNotMeasuredIsThatOfTheLesserKind() {
    assertEquals(
        PrecisionSpeed.of("onnx", ProcessorKind.AVX2).step(Precision.INT4),
        PrecisionSpeed.of("onnx", ProcessorKind.AVX512).step(Precision.INT4));
  }

  @Test
  void nothingIsKnownOfOtherProcessorsAndBackends() {
    for (PrecisionSpeed speed :
        new PrecisionSpeed[] {
          PrecisionSpeed.of("onnx", ProcessorKind.UNKNOWN),
          PrecisionSpeed.of("abacus", ProcessorKind.AMX)
        }) {
      assertEquals(Precision.FP32, speed.fastest());
      assertEquals(Optional.empty(), speed.warning(flowHeadIn(Precision.INT4), Device.CPU));
      assertTrue(speed.token(Precision.INT4).isEmpty());
    }
  }

  @ParameterizedTest
  @CsvSource({"FP16, true", "BF16, true", "INT4, true", "INT8, false", "FP32, false"})
  void precisionsThatGainNothingForImagesAreWarnedOf(Precision precision, boolean warned) {
    PrecisionSpeed speed = PrecisionSpeed.of("onnx", ProcessorKind.AVX512_VNNI);
    Optional<String> warning = speed.warning(flowHeadIn(precision), Device.CPU);
    assertEquals(warned, warning.isPresent());
    warning.ifPresent(
        text -> {
          assertTrue(text.contains("flow_head is in " + precision.id()), text);
          assertTrue(text.contains("avx512_vnni"), text);
          assertTrue(text.contains("int8 takes 0.45"), text);
        });
    assertEquals(Optional.empty(), speed.warning(flowHeadIn(precision), Device.parse("cuda")));
  }

  private static StagePrecisions flowHeadIn(Precision precision) {
    return new StagePrecisions(Map.of(Stage.FLOW_HEAD, precision));
  }
}
