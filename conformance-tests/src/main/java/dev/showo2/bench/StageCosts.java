package dev.showo2.bench;

import dev.showo2.bench.BenchmarkPlan.ImageSize;
import dev.showo2.export.inspect.StageWork;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.Precision;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import java.util.Map;
import java.util.TreeMap;

/** Operations and bytes of the work that is measured, for one bundle. */
final class StageCosts {

  /** Positions before the image, as the measured calls have them. */
  private static final int PROMPT = 100;

  private static final int BRANCHES = 2;

  /** Bytes of a weight, the scales of blocks and channels included. */
  private static final Map<Precision, Double> WEIGHT_BYTES =
      Map.of(
          Precision.FP32, 4.0,
          Precision.FP16, 2.0,
          Precision.BF16, 2.0,
          Precision.INT8, 1.0,
          Precision.INT4, 0.625);

  private final Bundle bundle;
  private final Architecture sizes;

  StageCosts(Bundle bundle) {
    this.bundle = bundle;
    this.sizes = bundle.architecture();
  }

  /**
   * The least that a call does.
   *
   * @param operations floating-point operations, by precision of the weights
   * @param bytes read and written
   * @param size as reports show it
   */
  record Cost(Map<String, Double> operations, double bytes, String size) {

    Cost plus(Cost other) {
      Map<String, Double> sum = new TreeMap<>(operations);
      other.operations.forEach((precision, count) -> sum.merge(precision, count, Double::sum));
      return new Cost(sum, bytes + other.bytes, size);
    }

    Cost named(Object name) {
      return new Cost(operations, bytes, name.toString());
    }
  }

  /**
   * @param size of the image; null for work without one
   */
  Cost of(BenchmarkStage stage, ImageSize size, BenchmarkPlan plan) {
    return switch (stage) {
      case HASHES, OPEN -> {
        long bytes = bundle.manifest().files().stream().mapToLong(BundleFile::size).sum();
        yield new Cost(Map.of(), bytes, bytes / 1_000_000 + " MB");
      }
      case VAE_ENCODE -> vaeEncode(size).named(size);
      case VAE_DECODE -> vaeDecode(size).named(size);
      case FUSION -> fusion(size).named(size);
      case GUIDED_STEP -> guidedStep(size).named(size);
      case PREFILL -> prefill(plan.prefill());
      case FIRST_TOKEN ->
          vaeEncode(size).plus(fusion(size)).plus(prefill(plan.prefill())).named(size);
      case TEXT_TOKEN -> token(plan);
      case OUTSIDE -> new Cost(Map.of(), 0, "");
    };
  }

  private Cost vaeDecode(ImageSize size) {
    return cost(
        Stage.VAE_IMAGE_DECODER,
        StageWork.vaeDecoder(sizes, latents(size.height()), latents(size.width())));
  }

  private Cost vaeEncode(ImageSize size) {
    return cost(
        Stage.VAE_IMAGE_ENCODER,
        StageWork.vaeEncoder(sizes, latents(size.height()), latents(size.width())));
  }

  private Cost fusion(ImageSize size) {
    return cost(Stage.FUSION, StageWork.fusion(sizes, tokens(size)));
  }

  private Cost guidedStep(ImageSize size) {
    int span = tokens(size) + 1;
    return fusion(size)
        .plus(cost(Stage.TIME_EMBEDDING, StageWork.timeEmbedding(sizes)))
        .plus(
            cost(
                Stage.BACKBONE,
                StageWork.backbone(sizes, PROMPT, span, Attention.FULL).batched(BRANCHES)))
        .plus(cost(Stage.FLOW_HEAD, StageWork.flowHead(sizes, PROMPT, span).batched(BRANCHES)));
  }

  private Cost prefill(int positions) {
    return cost(Stage.TEXT_EMBEDDING, StageWork.textEmbedding(sizes, positions))
        .plus(cost(Stage.BACKBONE, StageWork.backbone(sizes, 0, positions, Attention.CAUSAL)))
        .plus(cost(Stage.LANGUAGE_HEAD, StageWork.languageHead(sizes, 1)))
        .named(positions + " positions");
  }

  private Cost token(BenchmarkPlan plan) {
    int prefix = plan.prefill() + plan.tokens() / 2;
    return cost(Stage.TEXT_EMBEDDING, StageWork.textEmbedding(sizes, 1))
        .plus(cost(Stage.BACKBONE, StageWork.backbone(sizes, prefix, 1, Attention.CAUSAL)))
        .plus(cost(Stage.LANGUAGE_HEAD, StageWork.languageHead(sizes, 1)))
        .named(plan.tokens() + " after " + plan.prefill() + " positions");
  }

  private Cost cost(Stage stage, StageWork work) {
    Precision precision = bundle.manifest().precision().of(stage);
    double weights = work.weights() * WEIGHT_BYTES.get(precision);
    return new Cost(
        work.operations() == 0 ? Map.of() : Map.of(precision.id(), work.operations()),
        weights + Float.BYTES * work.values(),
        "");
  }

  private int tokens(ImageSize size) {
    int pixels = sizes.pixelsPerToken();
    return size.height() / pixels * (size.width() / pixels);
  }

  private static int latents(int pixels) {
    return pixels / Architecture.VAE_SPATIAL_FACTOR;
  }
}
