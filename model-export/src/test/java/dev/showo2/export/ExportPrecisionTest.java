package dev.showo2.export;

import static dev.showo2.model.Precision.BF16;
import static dev.showo2.model.Precision.FP16;
import static dev.showo2.model.Precision.FP32;
import static dev.showo2.model.Precision.INT4;
import static dev.showo2.model.Precision.INT8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.support.PrecisionSpeed;
import dev.showo2.stage.Stage;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class ExportPrecisionTest {

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "INT4")
  void aPrecisionIsThatOfAllButTheVae(Precision precision) {
    assertEquals(
        parts(precision, precision, precision, precision, FP32),
        ExportPrecision.parse(precision.id()).byPart());
  }

  @Test
  void int4LeavesTheLanguageHeadInInt8() {
    assertEquals(parts(INT8, INT4, INT4, INT4, FP32), ExportPrecision.parse("int4").byPart());
  }

  @Test
  void partsThatAreNotNamedStayInFp32() {
    assertEquals(
        parts(FP32, INT8, FP32, INT4, FP16),
        ExportPrecision.parse("backbone=int8,flow-head=int4,vae=fp16").byPart());
    assertEquals(ExportPrecision.FP32, ExportPrecision.parse("vae=fp32"));
  }

  @Test
  void laterItemsOverruleEarlierOnes() {
    assertEquals(
        parts(INT8, INT8, FP32, BF16, BF16),
        ExportPrecision.parse("int8, flow-head = bf16, vae=bf16, fusion=int4, fusion=fp32")
            .byPart());
    assertEquals(
        parts(INT8, INT8, INT8, INT8, FP16),
        ExportPrecision.parse("vae=fp16,flow-head=bf16,int8").byPart(),
        "a precision for all leaves the VAE as it was");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fp8 | a precision is one of fp32, fp16, bf16, int8, int4; found 'fp8'; auto"
            + " chooses one",
        "INT8 | a precision is one of fp32, fp16, bf16, int8, int4; found 'INT8'; auto"
            + " chooses one",
        "'' | a precision is one of fp32, fp16, bf16, int8, int4; found ''; auto" + " chooses one",
        "'int8,' | a precision is one of fp32, fp16, bf16, int8, int4; found ''; auto"
            + " chooses one",
        "backbone= | a precision is one of fp32, fp16, bf16, int8, int4; found ''",
        "backbone=int8=4 | a precision is one of fp32, fp16, bf16, int8, int4; found 'int8=4'",
        "head=int8 | a part is one of language-head, backbone, fusion, flow-head, vae; found 'head'",
        "=int8 | a part is one of language-head, backbone, fusion, flow-head, vae; found ''",
        "flow_head=int8 | a part is one of language-head, backbone, fusion, flow-head, vae; found"
            + " 'flow_head'",
        "vae=int8 | the part vae can be exported in fp32, fp16, bf16; found 'int8'",
        "fp16,vae=int4 | the part vae can be exported in fp32, fp16, bf16; found 'int4'",
        "language-head=int4 | the part language-head can be exported in fp32, fp16, bf16, int8;"
            + " found 'int4'"
      })
  void whatCannotBeIsRefusedAndThePossibleListed(String text, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ExportPrecision.parse(text));
    assertEquals(message, e.getMessage());
  }

  @Test
  void aManifestSaysItStageByStage() {
    StagePrecisions stages = ExportPrecision.parse("int4,vae=fp16").byStage();
    assertEquals(INT8, stages.of(Stage.TEXT_EMBEDDING));
    assertEquals(INT8, stages.of(Stage.LANGUAGE_HEAD));
    assertEquals(INT4, stages.of(Stage.BACKBONE));
    assertEquals(INT4, stages.of(Stage.FUSION));
    assertEquals(INT4, stages.of(Stage.FLOW_HEAD));
    assertEquals(FP32, stages.of(Stage.TIME_EMBEDDING));
    assertEquals(FP32, stages.of(Stage.FUSION_RESIZE), "it has no weights");
    for (Stage stage : ModelPart.VAE.stages()) {
      assertEquals(FP16, stages.of(stage));
    }
    assertEquals(StagePrecisions.FP32, ExportPrecision.FP32.byStage());
  }

  private static Map<ModelPart, Precision> parts(
      Precision languageHead,
      Precision backbone,
      Precision fusion,
      Precision flowHead,
      Precision vae) {
    Map<ModelPart, Precision> parts = new EnumMap<>(ModelPart.class);
    parts.put(ModelPart.LANGUAGE_HEAD, languageHead);
    parts.put(ModelPart.BACKBONE, backbone);
    parts.put(ModelPart.FUSION, fusion);
    parts.put(ModelPart.FLOW_HEAD, flowHead);
    parts.put(ModelPart.VAE, vae);
    return parts;
  }

  /** The fastest on the machine of the test, of whichever kind it is. */
  @Test
  void autoIsTheFastestOfThisMachine() {
    Precision fastest = PrecisionSpeed.here("onnx").fastest();
    assertEquals(ExportPrecision.of(fastest), ExportPrecision.parse("auto"));
    assertEquals(ExportPrecision.of(fastest), ExportPrecision.fastest("onnx"));
    assertEquals(ExportPrecision.FP32, ExportPrecision.parse("auto", "abacus"));
    assertEquals(
        Precision.FP16, ExportPrecision.parse("auto,flow-head=fp16").of(ModelPart.FLOW_HEAD));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> ExportPrecision.parse("fastest"))
            .getMessage()
            .contains("auto"));
  }
}
