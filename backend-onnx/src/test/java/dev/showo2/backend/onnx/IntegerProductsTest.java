package dev.showo2.backend.onnx;

import static dev.showo2.backend.onnx.Differences.assertClose;
import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.model.GraphFile;
import dev.showo2.model.Precision;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ExportedModels.class)
class IntegerProductsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "amd64, fma avx2 avx512_vnni amx_int8, true",
    "x86_64, fma avx2 avx_vnni, true",
    "amd64, fma avx2, false",
    "amd64, fma avx2 avx512f avx512bw avx512vl, false",
    "aarch64, asimd, true"
  })
  void areExactWithVnniAndOnOtherProcessors(String architecture, String flags, boolean exact)
      throws IOException {
    Path processor = folder.resolve("cpuinfo");
    Files.writeString(processor, "processor\t: 0\nmodel name\t: any\nflags\t\t: " + flags + "\n");
    assertEquals(exact, OnnxOptions.IntegerProducts.exact(architecture, processor));
  }

  @Test
  void areNotTakenToBeExactWhereNothingSaysSo() throws IOException {
    assertFalse(OnnxOptions.IntegerProducts.exact("amd64", folder.resolve("absent")));
    Path processor = Files.writeString(folder.resolve("cpuinfo"), "processor\t: 0\n");
    assertFalse(OnnxOptions.IntegerProducts.exact("amd64", processor));
    assertTrue(OnnxOptions.IntegerProducts.exact("aarch64", folder.resolve("absent")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "none"})
  void replacedProductsGiveTheSame(String optimization, Models models) throws IOException {
    Path target = folder.resolve("int8");
    ModelExporter.exportUnchecked(
        ExportRequest.of(models.fixture("tiny-a"), target)
            .withPrecision(ExportPrecision.of(Precision.INT8)),
        ExportListener.NONE);
    Bundle bundle = Bundle.open(target);
    BackendConfig config =
        BackendConfig.builder().option("graph-optimization", optimization).build();
    OnnxOptions replaced = OnnxOptions.of(config, false);
    assertEquals(
        optimization.equals("all") ? GraphFile.ORT : GraphFile.PORTABLE, replaced.dialect());
    assertClose(logits(bundle, OnnxOptions.of(config, true)), logits(bundle, replaced));
  }

  private static HostTensor logits(Bundle bundle, OnnxOptions options) {
    try (OpenBackend open =
            new OpenBackend(
                bundle, OnnxBackend.open(bundle, options), TextTokenizer.load(bundle.tokenizer()));
        Tensor hidden = open.uploadRandom(1, 2, 5, open.hiddenSize())) {
      return take(open.backend().languageHead().logits(LanguageHeadRequest.last(hidden)));
    }
  }
}
