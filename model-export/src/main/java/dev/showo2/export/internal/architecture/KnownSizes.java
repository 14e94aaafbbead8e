package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sizes of the released models that the shapes of their weights do not show. */
final class KnownSizes {

  /** Head size of Qwen2.5 by hidden size: 0.5B, 1.5B, 3B, 7B. */
  private static final Map<Integer, Integer> BACKBONE_HEAD_SIZES =
      Map.of(896, 64, 1536, 128, 2048, 128, 3584, 128);

  /** The hidden size of 7B, the one of these with a language head of its own. */
  private static final int UNTIED = 3584;

  /** SigLIP so400m. */
  private static final Map<Integer, Integer> SEMANTIC_HEADS = Map.of(1152, 16);

  /** Means of the Wan2.1 latents. */
  private static final List<Float> LATENT_MEANS =
      List.of(
          -0.7571f, -0.7089f, -0.9113f, 0.1075f, -0.1745f, 0.9653f, -0.1517f, 1.5508f, 0.4134f,
          -0.0715f, 0.5517f, -0.3632f, -0.1922f, -0.9497f, 0.2503f, -0.2921f);

  /** Standard deviations of the Wan2.1 latents. */
  private static final List<Float> LATENT_DEVIATIONS =
      List.of(
          2.8184f, 1.4541f, 2.3275f, 2.6558f, 1.2196f, 1.7708f, 2.6052f, 2.0743f, 3.2687f, 2.1526f,
          2.8652f, 1.5579f, 1.6382f, 1.1253f, 2.8251f, 1.916f);

  /** Wan2.1. */
  static final Architecture.Vae VAE =
      new Architecture.Vae(
          96,
          16,
          List.of(1, 2, 4, 4),
          2,
          List.of(false, true, true),
          LATENT_MEANS,
          LATENT_DEVIATIONS);

  /** Of the flow head. */
  static final Architecture.RopeScaling ROPE_SCALING = new Architecture.RopeScaling(32, 1, 4, 8192);

  static final TokenGrid VIDEO_UNDERSTANDING_GRID = new TokenGrid(14, 14);

  private KnownSizes() {}

  /** Whether Qwen2.5 of a hidden size has one matrix for embedding and head; empty if unknown. */
  static Optional<Boolean> tied(long hiddenSize) {
    return BACKBONE_HEAD_SIZES.keySet().stream().anyMatch(size -> size == hiddenSize)
        ? Optional.of(hiddenSize != UNTIED)
        : Optional.empty();
  }

  static int backboneHeadSize(int hiddenSize) {
    return known(BACKBONE_HEAD_SIZES, hiddenSize, "backbone", "llm.num_attention_heads");
  }

  static int semanticHeads(int hiddenSize) {
    return known(
        SEMANTIC_HEADS, hiddenSize, "semantic layers", "siglip_vision.num_attention_heads");
  }

  private static int known(Map<Integer, Integer> table, int size, String part, String field) {
    Integer value = table.get(size);
    if (value == null) {
      throw new InvalidModelException(
          "a hidden size of "
              + size
              + " in the "
              + part
              + " is none of the released "
              + table.keySet().stream().sorted().toList()
              + "; put an arch.json with '"
              + field
              + "' beside the checkpoint");
    }
    return value;
  }
}
