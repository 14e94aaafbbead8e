package dev.showo2.export.internal.architecture;

import dev.showo2.model.Architecture;
import java.util.List;

/** The sizes of the flow head. */
final class FlowHeadReader {

  private static final String LAYERS = "diffusion_head_a.";
  private static final String TIME = "time_embed.mlp.0.weight";
  private static final String QUERY_NORM = LAYERS + "0.self_attn.q_norm.weight";
  private static final String QUERIES = LAYERS + "0.self_attn.q_proj.weight";
  private static final String KEYS = LAYERS + "0.self_attn.k_proj.weight";
  private static final String GATE = LAYERS + "0.mlp.gate_proj.weight";

  private static final Architecture.RopeScaling RELEASED = KnownSizes.ROPE_SCALING;

  private FlowHeadReader() {}

  /** The keys that tell the sizes. */
  static List<String> sizingKeys() {
    return List.of(TIME, QUERY_NORM, QUERIES, KEYS, GATE);
  }

  /**
   * @param head the object {@code flow_head} of {@code arch.json}
   */
  static Architecture.FlowHead read(WeightShapes shapes, Section head) {
    head.requireReleased("qk_norm", "true");
    int headSize = shapes.dimension(QUERY_NORM, 0, 1);
    return new Architecture.FlowHead(
        shapes.dimension(TIME, 0, 2),
        shapes.layers(LAYERS),
        shapes.heads(QUERIES, headSize),
        shapes.heads(KEYS, headSize),
        headSize,
        shapes.dimension(GATE, 0, 2),
        head.positive("rms_norm_eps", 1e-5),
        head.positive("rope_theta", 5e5),
        scaling(head));
  }

  private static Architecture.RopeScaling scaling(Section head) {
    Section scaling = head.section("rope_scaling");
    if (scaling.json().isEmpty()) {
      // null is not "as released" but another model, one without scaling.
      head.json()
          .filter(json -> json.names().contains("rope_scaling"))
          .ifPresent(
              json -> {
                throw json.wrong("rope_scaling", "the llama3 scaling of the released models");
              });
    }
    scaling.requireReleased("rope_type", "\"llama3\"");
    return new Architecture.RopeScaling(
        scaling.positive("factor", RELEASED.factor()),
        scaling.positive("low_freq_factor", RELEASED.lowFrequencyFactor()),
        scaling.positive("high_freq_factor", RELEASED.highFrequencyFactor()),
        scaling
            .integer("original_max_position_embeddings", 1, 1 << 20)
            .orElse(RELEASED.originalLength()));
  }
}
