package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.plan.BundleWeights;
import dev.showo2.export.internal.plan.EncodingPlan;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint one of whose layers gets an input that is far larger than all others. */
class UnquantizedLayersTest {

  private static final String UP = "showo.model.layers.1.mlp.up_proj.weight";
  private static final String DOWN = "showo.model.layers.1.mlp.down_proj.weight";
  private static final Architecture.Decoder SIZES = TinyArchitecture.TIED.backbone();
  private static final int CHANNEL = 37;

  /**
   * A power of two, so that the model computes the same as without, and more than smoothing and
   * rotation can mend.
   */
  private static final float FACTOR = 1 << 26;

  @TempDir Path folder;

  private final TestCheckpoint checkpoint =
      TestCheckpoint.tiny()
          .change(UP, UnquantizedLayersTest::largerRow)
          .change(DOWN, UnquantizedLayersTest::smallerColumn);

  @Test
  void areNamed() throws IOException {
    List<UnquantizedLayer> unquantized = export(Precision.INT8, "bundle").unquantizedLayers();
    assertEquals(List.of(DOWN), unquantized.stream().map(UnquantizedLayer::key).toList());
    assertTrue(unquantized.get(0).error() > 0.06, unquantized::toString);
    assertTrue(
        unquantized.get(0).worstTokenError() >= unquantized.get(0).error(), unquantized::toString);
  }

  @Test
  void areWrittenAsTheyAreAndAllOthersQuantized() throws IOException {
    Path bundle = export(Precision.INT8, "bundle").bundle();
    Set<String> quantized = new TreeSet<>();
    for (String name : BundleWeights.MODEL_FILES) {
      try (SafetensorsFile file = SafetensorsFile.open(bundle.resolve(name))) {
        Set<String> keys = file.tensors().keySet();
        for (String key : keys) {
          boolean isInteger = file.tensor(key).type() == ElementType.INT8;
          assertEquals(isInteger, keys.contains(WeightEncoding.scaleKey(key)), key);
          if (isInteger) {
            quantized.add(key);
          }
        }
        if (keys.contains(DOWN)) {
          assertEquals(ElementType.FLOAT32, file.tensor(DOWN).type());
          assertArrayEquals(
              checkpoint.values(DOWN, file.tensor(DOWN).shape()), file.readFloats(DOWN).values());
        }
      }
    }
    Set<String> others =
        new TreeSet<>(
            EncodingPlan.of(TinyArchitecture.TIED, ExportPrecision.of(Precision.INT8))
                .encodings()
                .keySet());
    assertTrue(others.remove(DOWN));
    assertEquals(others, quantized);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4"})
  void areTheSameEveryTime(Precision precision) throws IOException {
    ExportSummary first = export(precision, "first");
    ExportSummary second = export(precision, "second");
    assertEquals(first.unquantizedLayers(), second.unquantizedLayers());
    assertEquals(first.parts(), second.parts());
    assertEquals(Bundle.open(first.bundle()).hash(), Bundle.open(second.bundle()).hash());
  }

  @Test
  void areNoneWhereNothingIsQuantized() throws IOException {
    ExportSummary summary = export(Precision.FP32, "bundle");
    assertEquals(List.of(), summary.unquantizedLayers());
    for (PartSummary part : summary.parts()) {
      assertFalse(part.error().isPresent(), part::toString);
    }
  }

  private ExportSummary export(Precision precision, String name) throws IOException {
    return ModelExporter.export(
        ExportRequest.of(checkpoint.write(folder.resolve("checkpoint")), folder.resolve(name))
            .withPrecision(ExportPrecision.of(precision)),
        ExportListener.NONE);
  }

  private static float[] largerRow(float[] values) {
    float[] changed = values.clone();
    for (int i = CHANNEL * SIZES.hiddenSize(); i < (CHANNEL + 1) * SIZES.hiddenSize(); i++) {
      changed[i] *= FACTOR;
    }
    return changed;
  }

  private static float[] smallerColumn(float[] values) {
    float[] changed = values.clone();
    for (int i = CHANNEL; i < changed.length; i += SIZES.feedForwardSize()) {
      changed[i] /= FACTOR;
    }
    return changed;
  }
}
