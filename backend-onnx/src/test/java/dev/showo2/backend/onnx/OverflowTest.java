package dev.showo2.backend.onnx;

import static dev.showo2.testing.Tensors.take;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.conformance.internal.ChangedCheckpoint;
import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportPrecision;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.pipeline.Chat;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.Tensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * NaN and infinity stay visible in every precision, though ONNX Runtime's kernels of 8- and 4-bit
 * layers make ordinary numbers of a NaN among their inputs.
 */
@ExtendWith(ExportedModels.class)
class OverflowTest {

  /** A weight that is finite, and so large that sums of its products are not. */
  private static final float HUGE = 1e30f;

  private static final String LAYER = "showo.model.layers.1.";
  private static final String BLOCK = "diffusion_head_a.0.";
  private static final String SEMANTIC = "und_trans.layers.0.";

  @TempDir Path folder;

  /** A value that arises within a layer, of weights whose first element becomes huge. */
  private enum Overflow {
    /** Infinite scores become NaN in one head, which the next layer rounds to 8 bits. */
    BACKBONE_SCORES(LAYER + "self_attn.q_proj.bias", LAYER + "self_attn.k_proj.bias"),
    BACKBONE_PRODUCTS(LAYER + "post_attention_layernorm.weight"),
    /** The square of a residual is infinite, and what is divided by it zero. */
    BACKBONE_SQUARES(LAYER + "self_attn.v_proj.bias"),
    FLOW_HEAD_SCORES(BLOCK + "self_attn.q_norm.weight", BLOCK + "self_attn.k_norm.weight"),
    FLOW_HEAD_PRODUCTS(BLOCK + "post_attention_layernorm.weight"),
    FUSION_SCORES(SEMANTIC + "self_attn.q_proj.bias", SEMANTIC + "self_attn.k_proj.bias");

    private final List<String> keys;

    Overflow(String... keys) {
      this.keys = List.of(keys);
    }

    void plant(String key, float[] values) {
      if (keys.contains(key)) {
        values[0] = HUGE;
      }
    }
  }

  static Stream<Arguments> everywhere() {
    return Stream.of(Precision.values())
        .flatMap(
            precision ->
                Stream.of(Overflow.values()).map(overflow -> Arguments.of(precision, overflow)));
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void withinALayerEndsARequest(Precision precision, Overflow overflow, Models models)
      throws IOException {
    Bundle bundle =
        ChangedCheckpoint.write(
            bundle(precision, models),
            folder.resolve("bundle"),
            (key, shape, values) -> overflow.plant(key, values));
    try (OpenBackend open = OpenBackend.open(bundle)) {
      TextToImageRequest image = TextToImageRequest.builder("a red circle").steps(2).build();
      assertNotFinite(() -> new TextToImage(open.model()).generate(image));
      if (overflow.name().startsWith("BACKBONE")) {
        assertNotFinite(() -> new Chat(open.model()).ask("why?"));
      }
      if (!overflow.name().startsWith("FLOW")) {
        BufferedImage black = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
        assertNotFinite(() -> new ImageUnderstanding(open.model()).ask(black, "what?"));
      }
    }
  }

  private static void assertNotFinite(Runnable request) {
    BackendException e = assertThrows(BackendException.class, request::run);
    assertTrue(e.getMessage().contains("expected finite values; found"), e::toString);
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void withinALayerIsRefusedAtExport(Precision precision, Overflow overflow, Models models)
      throws IOException {
    Path checkpoint =
        ChangedCheckpoint.write(
            models.fixture("tiny-a"),
            folder.resolve("checkpoint"),
            (key, shape, values) -> overflow.plant(key, values));
    ExportRequest request =
        ExportRequest.of(checkpoint, folder.resolve("bundle"))
            .withPrecision(ExportPrecision.of(precision))
            .withTarget(OnnxBackendProvider.ID);
    ShowO2Exception e =
        assertThrows(
            ShowO2Exception.class, () -> ModelExporter.export(request, ExportListener.NONE));
    String stage = overflow.name().replaceAll("_[A-Z]*$", "").toLowerCase(Locale.ROOT);
    assertTrue(e.getMessage().contains("stage " + stage), e::toString);
    assertTrue(e.getMessage().contains("the model overflows"), e::toString);
    if (precision == Precision.FP32) {
      assertFalse(e.getMessage().contains("choose fp32"), e::toString);
    }
    assertFalse(Files.exists(folder.resolve("bundle")), "no bundle is left");
  }

  @ParameterizedTest
  @EnumSource
  void inAnInputShowsInTheOutput(Precision precision, Models models) {
    try (OpenBackend open = OpenBackend.open(bundle(precision, models))) {
      for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        backbone(open, value);
        flowHead(open, value);
        vae(open, value);
      }
    }
  }

  /** Keys and values of a token keep it too: later tokens and other segments see them. */
  private static void backbone(OpenBackend open, float value) {
    var stage = open.backend().backbone();
    try (KvCache cache = stage.newCache(CacheRequest.of(1));
        Tensor text = planted(open, value, 1, 5, open.hiddenSize());
        Tensor later = open.uploadRandom(4, 1, 7, open.hiddenSize())) {
      assertShown(stage.append(BackboneRequest.of(cache, List.of(text), Attention.CAUSAL)));
      try (KvCache fork = cache.fork()) {
        assertShown(stage.evaluate(BackboneRequest.of(fork, List.of(later), Attention.FULL)));
      }
      assertShown(open.backend().languageHead().logits(LanguageHeadRequest.last(text)));
    }
  }

  private static void flowHead(OpenBackend open, float value) {
    FlowHead stage = open.backend().flowHead();
    int width = open.bundle().architecture().flowHead().hiddenSize();
    try (KvCache empty = stage.newCache(CacheRequest.of(1));
        KvCache withText = stage.newCache(CacheRequest.of(1));
        KvCache withImage = stage.newCache(CacheRequest.of(1));
        Tensor hidden = planted(open, value, 1, 5, open.hiddenSize());
        Tensor later = open.uploadRandom(4, 1, 7, open.hiddenSize());
        Tensor time = open.uploadRandom(5, 1, width);
        Tensor noTime = planted(open, value, 1, width)) {
      assertShown(stage.velocity(FlowHeadRequest.span(empty, hidden, time)));
      assertShown(stage.velocity(FlowHeadRequest.span(empty, later, noTime)));
      stage.append(FlowHeadRequest.text(withText, hidden));
      assertShown(stage.velocity(FlowHeadRequest.span(withText, later, time)));
      stage.append(FlowHeadRequest.span(withImage, later, noTime));
      assertShown(stage.velocity(FlowHeadRequest.span(withImage, later, time)));
    }
  }

  private static void vae(OpenBackend open, float value) {
    Architecture architecture = open.bundle().architecture();
    long patch = architecture.patchSize();
    try (Tensor latents =
        planted(
            open,
            value,
            1,
            architecture.vae().latentChannels(),
            1,
            architecture.imageGrid().rows() * patch,
            architecture.imageGrid().columns() * patch)) {
      assertShown(open.backend().fusion().fuse(FusionRequest.of(latents)));
      assertShown(open.backend().vaeDecoder().decodeImage(latents));
    }
  }

  /** One value among others, in the last row. */
  private static Tensor planted(OpenBackend open, float value, long... shape) {
    HostTensor values = Tensors.random(3, shape);
    values.values()[values.values().length - 3] = value;
    return open.backend().upload(values);
  }

  private static void assertShown(Tensor result) {
    for (float value : take(result).values()) {
      if (!Float.isFinite(value)) {
        return;
      }
    }
    throw new AssertionError("all values are finite");
  }

  private static Bundle bundle(Precision precision, Models models) {
    return precision == Precision.FP32
        ? models.bundle("tiny-a")
        : models.bundle("tiny-a", precision.id());
  }
}
