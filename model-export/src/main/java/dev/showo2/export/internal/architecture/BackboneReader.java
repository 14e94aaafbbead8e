package dev.showo2.export.internal.architecture;

import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import java.util.List;
import java.util.OptionalInt;

/** The sizes of the Qwen2.5 backbone. */
final class BackboneReader {

  private static final String LAYERS = "showo.model.layers.";
  private static final String QUERIES = LAYERS + "0.self_attn.q_proj.weight";
  private static final String KEYS = LAYERS + "0.self_attn.k_proj.weight";
  private static final String GATE = LAYERS + "0.mlp.gate_proj.weight";

  private BackboneReader() {}

  /** The keys that tell the sizes. */
  static List<String> sizingKeys() {
    return List.of(ModelKeys.EMBEDDING, QUERIES, KEYS, GATE);
  }

  /**
   * @param llm the object of that name in {@code arch.json}
   */
  static Architecture.Decoder read(WeightShapes shapes, Section llm) {
    llm.requireReleased("hidden_act", "\"silu\"");
    llm.requireReleased("rope_scaling", "null");
    llm.requireReleased("use_sliding_window", "false");
    int hiddenSize = shapes.dimension(ModelKeys.EMBEDDING, 1, 2);
    int headSize = headSize(llm, hiddenSize);
    return new Architecture.Decoder(
        hiddenSize,
        shapes.layers(LAYERS),
        shapes.heads(QUERIES, headSize),
        shapes.heads(KEYS, headSize),
        headSize,
        shapes.dimension(GATE, 0, 2),
        shapes.dimension(ModelKeys.EMBEDDING, 0, 2),
        llm.positive("rms_norm_eps", 1e-6),
        llm.positive("rope_theta", 1e6),
        tiedEmbeddings(shapes.weights(), llm));
  }

  private static int headSize(Section llm, int hiddenSize) {
    OptionalInt explicit = llm.integer("head_dim", 1, hiddenSize);
    if (explicit.isPresent()) {
      return explicit.getAsInt();
    }
    OptionalInt heads = llm.integer("num_attention_heads", 1, hiddenSize);
    if (heads.isEmpty()) {
      return KnownSizes.backboneHeadSize(hiddenSize);
    }
    if (hiddenSize % heads.getAsInt() != 0) {
      JsonFields json = llm.json().orElseThrow();
      throw json.wrong("num_attention_heads", "a divisor of the hidden size " + hiddenSize);
    }
    return hiddenSize / heads.getAsInt();
  }

  /** Tied models come with the one matrix under both keys, or only under the first. */
  private static boolean tiedEmbeddings(CheckpointWeights weights, Section llm) {
    return llm.flag("tie_word_embeddings")
        .orElseGet(
            () ->
                !weights.names().contains(ModelKeys.LANGUAGE_HEAD)
                    || weights.sameValues(ModelKeys.EMBEDDING, ModelKeys.LANGUAGE_HEAD));
  }
}
