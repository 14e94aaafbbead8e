package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Constraints between the sizes of a model that the graphs rely on. */
final class ArchitectureRules {

  private final List<String> broken = new ArrayList<>();

  private ArchitectureRules() {}

  /**
   * @throws InvalidModelException listing every rule that is broken
   */
  static void require(Architecture architecture) {
    ArchitectureRules rules = new ArchitectureRules();
    Architecture.Decoder backbone = architecture.backbone();
    Architecture.FlowHead flowHead = architecture.flowHead();
    rules.attention("backbone", backbone.heads(), backbone.keyValueHeads(), backbone.headSize());
    rules.attention("flow head", flowHead.heads(), flowHead.keyValueHeads(), flowHead.headSize());
    rules.scaling(flowHead.ropeScaling());
    rules.semantic(architecture);
    rules.vae(architecture.vae());
    if (!rules.broken.isEmpty()) {
      throw new InvalidModelException(
          "the sizes of this model do not go together:\n  " + String.join("\n  ", rules.broken));
    }
  }

  private void attention(String part, int heads, int keyValueHeads, int headSize) {
    check(
        heads % keyValueHeads == 0,
        "the %s has %d heads, which %d key and value heads do not divide",
        part,
        heads,
        keyValueHeads);
    check(
        headSize % 2 == 0,
        "the %s has heads of %d, an even size is needed to rotate halves",
        part,
        headSize);
  }

  private void scaling(Architecture.RopeScaling scaling) {
    check(
        scaling.lowFrequencyFactor() < scaling.highFrequencyFactor(),
        "the flow head's low_freq_factor %s should be below its high_freq_factor %s",
        scaling.lowFrequencyFactor(),
        scaling.highFrequencyFactor());
  }

  private void semantic(Architecture architecture) {
    Architecture.Semantic sizes = architecture.semantic();
    check(
        sizes.hiddenSize() % sizes.heads() == 0,
        "the semantic layers are %d wide, which %d heads do not divide",
        sizes.hiddenSize(),
        sizes.heads());
    long side = Math.round(Math.sqrt(sizes.positions()));
    check(
        !architecture.interpolatesPositions() || side * side == sizes.positions(),
        "the position table has %d rows: neither one for each of the %s tokens of an image, nor a"
            + " square that could be interpolated to them",
        sizes.positions(),
        architecture.imageGrid());
  }

  /** Sizes of images and lengths of videos depend on the number of halvings. */
  private void vae(Architecture.Vae vae) {
    long temporal = vae.temporalDownsample().stream().filter(halved -> halved).count();
    check(
        vae.multipliers().size() == 4 && vae.temporalDownsample().size() == 3 && temporal == 2,
        "the VAE should shrink images by %d and videos by %d, so dim_mult needs 4 entries"
            + " and temporal_downsample 3, two of them true; found %s and %s",
        Architecture.VAE_SPATIAL_FACTOR,
        Architecture.VAE_TEMPORAL_FACTOR,
        vae.multipliers(),
        vae.temporalDownsample());
    check(
        vae.multipliers().stream().allMatch(multiplier -> multiplier * vae.width() % 2 == 0),
        "the VAE is %d wide with multipliers %s; its decoder halves these widths",
        vae.width(),
        vae.multipliers());
    check(
        vae.latentDeviations().stream().allMatch(deviation -> deviation > 0),
        "latents_std should hold numbers above 0, found %s",
        vae.latentDeviations());
  }

  private void check(boolean holds, String rule, Object... values) {
    if (!holds) {
      broken.add(String.format(Locale.ROOT, rule, values));
    }
  }
}
