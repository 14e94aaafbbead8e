package dev.showo2.conformance.internal.reference;

import static dev.showo2.conformance.internal.reference.OpenBackend.assertClose;
import static dev.showo2.testing.Tensors.random;
import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.EncodedWeight;
import dev.showo2.conformance.LoweredBundle;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.error.InvalidModelException;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Weights in fewer bits are read as they were written, and 8-bit layers round what they are given.
 */
@ExtendWith(ExportedModels.class)
class WeightEncodingsTest {

  private static final String EMBEDDING = "showo.model.embed_tokens.weight";

  /** Less is the rounding of 32-bit floats in this test, more that of weights or inputs. */
  private static final float SEEN = 2e-4f;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"FP16", "BF16", "INT4"})
  void stagesAreThoseOfTheDecodedWeights(Precision precision, Models models) throws IOException {
    Bundle exact = models.bundle("tiny-b");
    Bundle lowered = LoweredBundle.write(exact, precision, folder.resolve("low"));
    try (Backend expected = decoded(exact, precision).open(exact);
        OpenBackend low = OpenBackend.open(lowered)) {
      HostTensor hidden = hidden(expected);
      assertClose(hidden, hidden(low.backend()));
      HostTensor logits = logits(expected, hidden);
      assertClose(logits, logits(low.backend(), hidden));
      HostTensor fused = fused(expected);
      assertClose(fused, fused(low.backend()));
      try (OpenBackend unrounded = OpenBackend.open(exact)) {
        assertTrue(distance(hidden, hidden(unrounded.backend())) > SEEN);
        assertTrue(distance(fused, fused(unrounded.backend())) > SEEN);
      }
    }
  }

  /** The fp32 weights, rounded and decoded while they are read. */
  private static Variation decoded(Bundle bundle, Precision precision) {
    WeightEncoding matrices =
        switch (precision) {
          case FP16 -> WeightEncoding.FLOAT16;
          case BF16 -> WeightEncoding.BFLOAT16;
          default -> WeightEncoding.INT4;
        };
    WeightEncoding rows = precision == Precision.INT4 ? WeightEncoding.INT8 : matrices;
    UnaryOperator<HostTensor> rounding =
        weight ->
            weight.shape().rank() == 2
                    && (matrices != WeightEncoding.INT4 || weight.shape().dimension(1) % 32 == 0)
                ? EncodedWeight.of(weight, matrices).decoded()
                : weight;
    return Variation.none(bundle.architecture())
        .with(
            WeightEdit.of(
                "(?!position_embedding|showo\\.model\\.embed_tokens).*\\.weight", rounding),
            WeightEdit.of(
                "showo\\.model\\.embed_tokens\\.weight",
                weight -> EncodedWeight.of(weight, rows).decoded()));
  }

  private static HostTensor hidden(Backend backend) {
    try (Tensor text =
            backend.textEmbedding().embed(TextEmbeddingRequest.repeated(new int[] {3, 1, 4}, 1));
        KvCache cache = backend.backbone().newCache(CacheRequest.of(1))) {
      return take(
          backend.backbone().append(BackboneRequest.of(cache, List.of(text), Attention.CAUSAL)));
    }
  }

  private static HostTensor logits(Backend backend, HostTensor hidden) {
    try (Tensor uploaded = backend.upload(hidden)) {
      return take(backend.languageHead().logits(LanguageHeadRequest.of(uploaded, false)));
    }
  }

  private static HostTensor fused(Backend backend) {
    try (Tensor latents = backend.upload(random(5, 1, 16, 1, 6, 6))) {
      return take(backend.fusion().fuse(FusionRequest.of(latents)));
    }
  }

  /** The head of tiny-a is its embedding: rows are decoded, and a layer of them rounds. */
  @Test
  void a8BitLayerRoundsEachTokenByItsLargestMagnitude(Models models) throws IOException {
    Bundle exact = models.bundle("tiny-a");
    Bundle lowered = LoweredBundle.write(exact, Precision.INT8, folder.resolve("low"));
    HostTensor matrix = EncodedWeight.of(embedding(exact), WeightEncoding.INT8).decoded();
    int width = (int) matrix.shape().dimension(1);
    HostTensor hidden = random(7, 1, 4, width);
    // Ties with a scale of 1, then zeros.
    float[] values = hidden.values();
    System.arraycopy(new float[] {127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.5f}, 0, values, 0, 7);
    for (int i = 7; i < 2 * width; i++) {
      values[i] = 0;
    }
    try (OpenBackend open = OpenBackend.open(lowered)) {
      HostTensor logits = logits(open.backend(), hidden);
      assertEquals(0, distance(expected(matrix, rounded(hidden, width)), logits), SEEN / 10);
      assertTrue(distance(expected(matrix, hidden), logits) > 100 * SEEN);
      HostTensor row =
          take(
              open.backend()
                  .textEmbedding()
                  .embed(TextEmbeddingRequest.repeated(new int[] {9}, 1)));
      for (int i = 0; i < width; i++) {
        assertEquals(matrix.values()[9 * width + i], row.values()[i]);
      }
    }
  }

  private static float distance(HostTensor a, HostTensor b) {
    assertEquals(a.shape(), b.shape());
    float largest = 0;
    for (int i = 0; i < a.values().length; i++) {
      largest = Math.max(largest, Math.abs(a.values()[i] - b.values()[i]));
    }
    return largest;
  }

  private static HostTensor embedding(Bundle bundle) {
    try (SafetensorsFile file =
        SafetensorsFile.open(bundle.directory().resolve("text.safetensors"))) {
      return file.readFloats(EMBEDDING);
    }
  }

  private static HostTensor rounded(HostTensor x, int width) {
    float[] values = x.values().clone();
    for (int row = 0; row < values.length; row += width) {
      double largest = 0;
      for (int i = row; i < row + width; i++) {
        largest = Math.max(largest, Math.abs(values[i]));
      }
      for (int i = row; largest > 0 && i < row + width; i++) {
        values[i] = (float) (Math.rint(values[i] * 127 / largest) * largest / 127);
      }
    }
    return new HostTensor(x.shape(), values);
  }

  /** x · Wᵀ. */
  private static HostTensor expected(HostTensor matrix, HostTensor x) {
    int out = (int) matrix.shape().dimension(0);
    int width = (int) matrix.shape().dimension(1);
    int rows = x.values().length / width;
    float[] y = new float[rows * out];
    for (int i = 0; i < y.length; i++) {
      double sum = 0;
      for (int j = 0; j < width; j++) {
        sum += (double) matrix.values()[i % out * width + j] * x.values()[i / out * width + j];
      }
      y[i] = (float) sum;
    }
    return new HostTensor(Shape.of(1, rows, out), y);
  }

  @Test
  void integersWithoutTheirScalesAreNamed(Models models) throws IOException {
    Bundle low = LoweredBundle.write(models.bundle("tiny-a"), Precision.INT8, folder.resolve("a"));
    assertRefused(
        low, "embed_tokens.weight_scale", "embed_tokens.weight_skale", "lacks the weight");
  }

  @Test
  void integersOfAnotherTypeAreRefused(Models models) throws IOException {
    Bundle low = LoweredBundle.write(models.bundle("tiny-a"), Precision.INT8, folder.resolve("b"));
    assertRefused(
        low,
        "\"I8\"",
        "\"U8\"",
        "the weight 'showo.model.embed_tokens.weight' of bundle tiny-a",
        "should be [508, 32], found [508, 64]; export the checkpoint again");
  }

  private static void assertRefused(Bundle bundle, String text, String other, String... texts)
      throws IOException {
    Path file = bundle.directory().resolve("text.safetensors");
    String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
    assertTrue(bytes.contains(text));
    Files.writeString(file, bytes.replace(text, other), StandardCharsets.ISO_8859_1);
    Bundle damaged = Bundle.open(bundle.directory(), Integrity.SIZES);
    ReferenceBackendProvider provider = new ReferenceBackendProvider();
    String message =
        assertThrows(
                InvalidModelException.class, () -> provider.open(damaged, BackendConfig.defaults()))
            .getMessage();
    for (String part : texts) {
      assertTrue(message.contains(part), message);
    }
  }
}
