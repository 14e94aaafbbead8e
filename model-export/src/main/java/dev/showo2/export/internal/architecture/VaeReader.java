package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import java.util.ArrayList;
import java.util.List;

/** The sizes of the VAE: those of Wan2.1 unless {@code arch.json} says otherwise. */
final class VaeReader {

  /** The checkpoint, for messages. */
  static final String VAE = "the VAE's checkpoint";

  private static final String INPUT = "encoder.conv1.weight";
  private static final String LATENTS = "conv2.weight";

  private static final Architecture.Vae RELEASED = KnownSizes.VAE;

  private VaeReader() {}

  /**
   * @param vae the object of that name in {@code arch.json}
   */
  static Architecture.Vae read(CheckpointWeights weights, Section vae) {
    WeightShapes shapes = new WeightShapes(weights, VAE, CheckpointKind.WAN_VAE);
    shapes.require(List.of(INPUT, LATENTS));
    int channels = shapes.dimension(LATENTS, 0, 5);
    return new Architecture.Vae(
        shapes.dimension(INPUT, 0, 5),
        channels,
        vae.field("dim_mult").map(VaeReader::multipliers).orElse(RELEASED.multipliers()),
        vae.integer("num_res_blocks", 1, 16).orElse(RELEASED.residualBlocks()),
        vae.field("temporal_downsample")
            .map(VaeReader::temporalDownsample)
            .orElse(RELEASED.temporalDownsample()),
        perChannel(vae, "latents_mean", channels, RELEASED.latentMeans()),
        perChannel(vae, "latents_std", channels, RELEASED.latentDeviations()));
  }

  private static List<Integer> multipliers(JsonFields json) {
    List<Integer> multipliers = new ArrayList<>();
    for (long multiplier : json.longs("dim_mult")) {
      if (multiplier < 1 || multiplier > 64) {
        throw json.wrong("dim_mult", "integers from 1 to 64");
      }
      multipliers.add((int) multiplier);
    }
    return multipliers;
  }

  private static List<Boolean> temporalDownsample(JsonFields json) {
    List<Boolean> values = new ArrayList<>();
    for (boolean halved : json.booleans("temporal_downsample")) {
      values.add(halved);
    }
    return values;
  }

  private static List<Float> perChannel(
      Section vae, String name, int channels, List<Float> released) {
    List<Float> values = vae.field(name).map(json -> VaeReader.floats(json, name)).orElse(released);
    if (values.size() != channels) {
      throw vae.field(name)
          .map(json -> json.wrong(name, channels + " numbers, one per latent channel"))
          .orElseGet(
              () ->
                  new InvalidModelException(
                      "a VAE of "
                          + channels
                          + " latent channels is none of the released ones, which have "
                          + released.size()
                          + "; put an arch.json with 'vae."
                          + name
                          + "' beside the checkpoint"));
    }
    return values;
  }

  private static List<Float> floats(JsonFields json, String name) {
    List<Float> values = new ArrayList<>();
    for (float value : json.floats(name)) {
      values.add(value);
    }
    return values;
  }
}
