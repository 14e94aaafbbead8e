package dev.showo2.export.architecture;

import dev.showo2.export.checkpoint.Weights;
import dev.showo2.model.Architecture;
import dev.showo2.model.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The sizes of the autoencoder: those of Wan2.1 unless {@code arch.json} says otherwise. */
final class VaeReader {

  private static final List<Integer> MULTIPLIERS = List.of(1, 2, 4, 4);
  private static final List<Boolean> TEMPORAL_DOWNSAMPLE = List.of(false, true, true);
  private static final int RESIDUAL_BLOCKS = 2;

  private VaeReader() {}

  static Architecture.Vae read(Weights weights, Optional<JsonFields> arch) {
    WeightShapes shapes = new WeightShapes(weights, "the autoencoder's checkpoint");
    int width = (int) shapes.dimension("encoder.conv1.weight", 0, 5);
    int channels = (int) shapes.dimension("conv2.weight", 0, 5);
    Optional<JsonFields> vae = arch.map(json -> json.object("vae"));
    List<Integer> multipliers = vae.map(VaeReader::multipliers).orElse(MULTIPLIERS);
    List<Boolean> temporal = vae.map(VaeReader::temporalDownsample).orElse(TEMPORAL_DOWNSAMPLE);
    if (temporal.size() != multipliers.size() - 1) {
      throw vae.orElseThrow().wrong("temporal_downsample", "one entry fewer than 'dim_mult'");
    }
    return new Architecture.Vae(
        width,
        channels,
        multipliers,
        vae.map(json -> json.integer("num_res_blocks", 1, 16)).orElse(RESIDUAL_BLOCKS),
        temporal,
        vae.map(json -> perChannel(json, "latents_mean", channels)).orElse(KnownSizes.LATENT_MEANS),
        vae.map(json -> perChannel(json, "latents_std", channels))
            .orElse(KnownSizes.LATENT_DEVIATIONS));
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

  private static List<Float> perChannel(JsonFields json, String name, int channels) {
    List<Float> values = new ArrayList<>();
    for (float value : json.floats(name)) {
      values.add(value);
    }
    if (values.size() != channels) {
      throw json.wrong(name, channels + " numbers, one per latent channel");
    }
    return values;
  }
}
