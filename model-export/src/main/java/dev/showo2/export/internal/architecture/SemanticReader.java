package dev.showo2.export.internal.architecture;

import dev.showo2.model.Architecture;
import java.util.List;
import java.util.OptionalInt;

/** The sizes of the semantic layers, which come from SigLIP. */
final class SemanticReader {

  private static final String LAYERS = "und_trans.layers.";
  private static final String POSITIONS = "position_embedding.weight";
  private static final String WIDENING = LAYERS + "0.mlp.fc1.weight";

  private SemanticReader() {}

  /** The keys that tell the sizes. */
  static List<String> sizingKeys() {
    return List.of(POSITIONS, WIDENING);
  }

  /**
   * @param siglip the object {@code siglip_vision} of {@code arch.json}
   */
  static Architecture.Semantic read(WeightShapes shapes, Section siglip) {
    siglip.requireReleased("hidden_act", "\"gelu_pytorch_tanh\"");
    int hiddenSize = shapes.dimension(POSITIONS, 1, 2);
    OptionalInt heads = siglip.integer("num_attention_heads", 1, hiddenSize);
    return new Architecture.Semantic(
        hiddenSize,
        shapes.layers(LAYERS),
        heads.isPresent() ? heads.getAsInt() : KnownSizes.semanticHeads(hiddenSize),
        shapes.dimension(WIDENING, 0, 2),
        siglip.positive("layer_norm_eps", 1e-6),
        shapes.dimension(POSITIONS, 0, 2));
  }
}
