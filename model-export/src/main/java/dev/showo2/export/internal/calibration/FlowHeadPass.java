package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.graph.RotaryFrequencies;
import dev.showo2.model.Architecture;
import java.util.Optional;

/** Hidden states and time to velocities (SPEC 6). */
final class FlowHeadPass {

  private static final double FINAL_NORM_EPSILON = 1e-6;

  private final Architecture architecture;
  private final LinearLayers layers;
  private final int text;

  /**
   * @param text tokens at the beginning, which are causal and not modulated
   */
  FlowHeadPass(Architecture architecture, LinearLayers layers, int text) {
    this.architecture = architecture;
    this.layers = layers;
    this.text = text;
  }

  /**
   * @param hidden of text and span [D, tokens]; is changed
   * @param time vector [H, 1]; is changed
   * @return [2·2·C, tokens], of which those of the image tokens have a meaning
   */
  Activations run(Activations hidden, Activations time) {
    Architecture.FlowHead sizes = architecture.flowHead();
    Activations x = architecture.projectsHidden() ? project(hidden) : hidden;
    Activations activated = Pointwise.apply(time, Pointwise::silu);
    DecoderLayer block =
        new DecoderLayer(
            layers,
            new SegmentAttention(sizes.heads(), sizes.keyValueHeads(), text),
            new RotaryEmbedding(
                RotaryFrequencies.scaled(sizes.ropeTheta(), sizes.headSize(), sizes.ropeScaling())),
            sizes.normEpsilon(),
            true);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      String key = "diffusion_head_a." + layer;
      block.apply(key, x, modulation(key, activated));
    }
    Activations normed =
        Norms.rms(x, layers.reader().all("diffusion_head_b.norm_final.weight"), FINAL_NORM_EPSILON);
    AdaptiveNorms last = modulation("diffusion_head_b", activated);
    return layers.withBias("diffusion_head_b.linear", last.modulate(normed, 0, 1));
  }

  private Activations project(Activations hidden) {
    Activations wide = layers.withBias("diff_proj.0", hidden);
    return layers.withBias("diff_proj.2", Pointwise.apply(wide, Pointwise::gelu));
  }

  private AdaptiveNorms modulation(String key, Activations activatedTime) {
    return new AdaptiveNorms(
        Optional.of(layers.withBias(key + ".adaLN_modulation.1", activatedTime)), text);
  }
}
