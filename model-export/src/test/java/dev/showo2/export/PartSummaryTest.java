package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.model.Precision;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartSummaryTest {

  private static final Map<ModelPart, List<String>> FILES =
      Map.of(
          ModelPart.LANGUAGE_HEAD, List.of("text"),
          ModelPart.BACKBONE, List.of("backbone"),
          ModelPart.FUSION, List.of("fusion"),
          ModelPart.FLOW_HEAD, List.of("flow_head"),
          ModelPart.VAE, List.of("vae", "vae_image"));

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "fp16,vae=bf16", "int8", "int4"})
  void bytesAreThoseOfTheTensorsInTheFiles(String precision) throws IOException {
    ExportSummary summary = export(precision);
    for (PartSummary part : summary.parts()) {
      long bytes = 0;
      for (String name : FILES.get(part.part())) {
        bytes += tensorBytes(summary.bundle().resolve(name + ".safetensors"));
      }
      assertEquals(bytes, part.bytes(), part::toString);
    }
  }

  @Test
  void everyPartHasOneWithItsPrecision() throws IOException {
    String precision = "backbone=int8,flow-head=int4,vae=fp16";
    Map<ModelPart, Precision> found =
        export(precision).parts().stream()
            .collect(Collectors.toMap(PartSummary::part, PartSummary::precision));
    assertEquals(ExportPrecision.parse(precision).byPart(), found);
  }

  /** Without a backend nobody ran the VAE, and calibration does not compute it. */
  @Test
  void whatIsNotQuantizedOrNotMeasuredHasNoError() throws IOException {
    List<ModelPart> withError =
        export("backbone=int8,flow-head=int4,vae=fp16").parts().stream()
            .filter(part -> part.error().isPresent())
            .map(PartSummary::part)
            .toList();
    assertEquals(List.of(ModelPart.BACKBONE, ModelPart.FLOW_HEAD), withError);
  }

  /** Half precision holds the values of the test's weights, but not those between the layers. */
  @Test
  void errorsGrowAsBitsGetFewer() throws IOException {
    double[] errors = {
      0, backboneError("fp16"), backboneError("bf16"), backboneError("int8"), backboneError("int4")
    };
    for (int i = 1; i < errors.length; i++) {
      assertTrue(errors[i - 1] < errors[i], () -> Arrays.toString(errors));
    }
  }

  private double backboneError(String precision) throws IOException {
    PartSummary backbone = export(precision).parts().get(ModelPart.BACKBONE.ordinal());
    return backbone.error().orElseThrow();
  }

  private ExportSummary export(String precision) throws IOException {
    return ModelExporter.export(
        ExportRequest.of(
                TestCheckpoint.tiny().write(folder.resolve("checkpoint")),
                folder.resolve(precision))
            .withPrecision(ExportPrecision.parse(precision)),
        ExportListener.NONE);
  }

  private static long tensorBytes(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return file.tensors().values().stream().mapToLong(TensorInfo::byteLength).sum();
    }
  }
}
