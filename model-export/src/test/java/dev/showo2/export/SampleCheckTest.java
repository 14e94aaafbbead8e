package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.export.internal.calibration.CalibrationSample;
import dev.showo2.export.internal.plan.CalibratedEncodings;
import dev.showo2.export.internal.plan.EncodingPlan;
import dev.showo2.export.internal.plan.ModelSource;
import dev.showo2.export.internal.source.CheckpointSource;
import dev.showo2.model.Precision;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.PrecisionSpeed;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import dev.showo2.testing.TensorChanges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a backend that gives the fp32 results of the calibration, but for one stage. */
class SampleCheckTest {

  private static final ExportPrecision INT8 = ExportPrecision.of(Precision.INT8);

  @TempDir Path folder;

  private final FakeBackend backend = FakeBackend.of(TinyArchitecture.TIED).filledWith(0.5f);
  private final FakeProvider provider =
      new FakeProvider("fake")
          .opening(bundle -> backend.opened())
          .running(Set.of(Precision.FP32, Precision.INT8));
  private ExportRequest request;

  @BeforeEach
  void answerExactly() throws Exception {
    request =
        ExportRequest.of(
                TestCheckpoint.tiny().write(folder.resolve("checkpoint")), folder.resolve("bundle"))
            .withPrecision(INT8);
    CalibrationSample sample;
    try (ModelSource source = CheckpointSource.open(request, ExportListener.NONE)) {
      EncodingPlan encodings = EncodingPlan.of(source.architecture(), INT8);
      sample =
          CalibratedEncodings.of(source, INT8, encodings, ExportListener.NONE)
              .sample()
              .orElseThrow();
    }
    backend
        .answering(Stage.TEXT_EMBEDDING, sample.embeddings())
        .answering(Stage.TIME_EMBEDDING, sample.timeVector(), sample.timeToken())
        .answering(Stage.FUSION, sample.imageTokens())
        .answering(Stage.BACKBONE, sample.textHidden(), sample.spanHidden())
        .answering(Stage.LANGUAGE_HEAD, sample.logits())
        .answering(Stage.FLOW_HEAD, sample.velocity());
  }

  @Test
  void accurateBackendsPass() throws Exception {
    ExportSummary summary = export();
    assertEquals(Optional.of("fake"), summary.checkedBy());
    for (PartSummary part : summary.parts()) {
      assertEquals(0, part.error().orElse(0), part::toString);
    }
  }

  /** CalibratedEncodings alone would have moved the flow head by another figure. */
  @Test
  void theErrorOfAPartIsThatOnTheBackend() throws Exception {
    backend.changing(Stage.FLOW_HEAD, TensorChanges.scaled(1.0625f));
    assertEquals(0.0625, error(export(), ModelPart.FLOW_HEAD), 1e-6);
  }

  @Test
  void theErrorOfAPartThatTheBackendLacksIsThatComputed() throws Exception {
    backend.without(Stage.FLOW_HEAD);
    ExportSummary onBackend = export();
    ExportSummary alone =
        ModelExporter.export(
            ExportRequest.of(request.checkpoint(), folder.resolve("alone")).withPrecision(INT8),
            ExportListener.NONE);
    double computed = error(alone, ModelPart.FLOW_HEAD);
    assertTrue(computed > 0, () -> "off by " + computed);
    assertEquals(computed, error(onBackend, ModelPart.FLOW_HEAD));
    assertNotEquals(error(alone, ModelPart.BACKBONE), error(onBackend, ModelPart.BACKBONE));
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "TEXT_EMBEDDING",
        "TIME_EMBEDDING",
        "FUSION",
        "BACKBONE",
        "LANGUAGE_HEAD",
        "FLOW_HEAD"
      })
  void otherValuesAreRefused(Stage stage) throws Exception {
    backend.changing(stage, TensorChanges.scaled(1.25f));
    assertRefused("stage " + stage.id() + " of the exported bundle is off by 0.");
  }

  /** Its part is in int8, but no weight of it is: the limit is that of fp32. */
  @Test
  void stagesThatAreNeverQuantizedHaveTheLimitOfFp32() throws Exception {
    backend.changing(Stage.TIME_EMBEDDING, TensorChanges.scaled(1 + 0x1p-9f));
    assertRefused("stage time_embedding ", " more than the 0.001 that its precision allows");
  }

  private static double error(ExportSummary summary, ModelPart part) {
    return summary.parts().get(part.ordinal()).error().orElseThrow();
  }

  private ExportSummary export() throws Exception {
    ExportSummary summary =
        RegisteredProvider.using(
            provider, () -> ModelExporter.export(request, ExportListener.NONE));
    assertEquals(0, backend.log().stillOpen(), "everything is closed");
    return summary;
  }

  private void assertRefused(String... parts) throws Exception {
    RegisteredProvider.using(
        provider,
        () -> Leftovers.assertRefused(BackendException.class, request, ExportListener.NONE, parts));
    assertEquals(0, backend.log().stillOpen(), "everything is closed");
  }

  /** Those of the target's backend on this machine, of whichever kind it is. */
  @Test
  void slowPrecisionsAreWarnedOf() throws Exception {
    List<String> warnings = new ArrayList<>();
    ExportListener listener =
        new ExportListener() {
          @Override
          public void warning(String text) {
            warnings.add(text);
          }
        };
    ExportPrecision int4 = ExportPrecision.parse("flow-head=int4");
    ModelExporter.exportUnchecked(request.withPrecision(int4), listener);
    assertEquals(
        PrecisionSpeed.here("onnx").warning(int4.byStage(), Device.CPU).stream().toList(),
        warnings);
  }
}
