package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.graph.RotaryFrequencies;
import dev.showo2.model.Architecture;

/** The Qwen2 decoder (SPEC 4): hidden states after the final norm. */
final class BackbonePass {

  private BackbonePass() {}

  /**
   * @param x embeddings of text and span [D, tokens]; is changed
   * @param text tokens at the beginning, which are causal
   */
  static Activations run(Architecture architecture, LinearLayers layers, Activations x, int text) {
    Architecture.Decoder sizes = architecture.backbone();
    DecoderLayer decoder =
        new DecoderLayer(
            layers,
            new SegmentAttention(sizes.heads(), sizes.keyValueHeads(), text),
            new RotaryEmbedding(RotaryFrequencies.plain(sizes.ropeTheta(), sizes.headSize())),
            sizes.normEpsilon(),
            false);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      decoder.apply("showo.model.layers." + layer, x, AdaptiveNorms.NONE);
    }
    return Norms.rms(x, layers.reader().all("showo.model.norm.weight"), sizes.normEpsilon());
  }
}
