package dev.showo2.export.internal.architecture;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sizes of the VAE: those of Wan2.1 unless {@code arch.json} says otherwise. */
final class VaeReader {

  /** The checkpoint, for messages. */
  static final String VAE = "the VAE's checkpoint";

  private static final String TEMPORAL = "temporal_downsample";

  /** The spelling of diffusers. */
  private static final String DIFFUSERS_TEMPORAL = "temperal_downsample";

  private static final String INPUT = "encoder.conv1.weight";
  private static final String LATENTS = "conv2.weight";

  private static final Architecture.Vae RELEASED = KnownSizes.VAE;

  private VaeReader() {}

  /**
   * @param arch the object {@code vae} of {@code arch.json}
   * @param config what diffusers put beside the weights
   */
  static Architecture.Vae read(
      CheckpointWeights weights, Section arch, Optional<JsonFields> config) {
    CheckpointKind.WAN_VAE.refuseOthers(VAE, weights.names());
    requireBothHalves(weights.names());
    WeightShapes shapes = new WeightShapes(weights, VAE, CheckpointKind.WAN_VAE);
    shapes.require(List.of(INPUT, LATENTS));
    int channels = shapes.dimension(LATENTS, 0, 5);
    Section beside = new Section(config);
    return new Architecture.Vae(
        shapes.dimension(INPUT, 0, 5),
        channels,
        first("dim_mult", arch, beside).map(VaeReader::multipliers).orElse(RELEASED.multipliers()),
        first("num_res_blocks", arch, beside)
            .map(json -> json.integer("num_res_blocks", 1, 16))
            .orElse(RELEASED.residualBlocks()),
        arch.field(TEMPORAL)
            .map(json -> temporalDownsample(json, TEMPORAL))
            .or(
                () ->
                    beside
                        .field(DIFFUSERS_TEMPORAL)
                        .map(json -> temporalDownsample(json, DIFFUSERS_TEMPORAL)))
            .orElse(RELEASED.temporalDownsample()),
        perChannel("latents_mean", arch, beside, channels, RELEASED.latentMeans()),
        perChannel("latents_std", arch, beside, channels, RELEASED.latentDeviations()));
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

  /** The file that has a field: what is said of the model precedes what is said of its VAE. */
  private static Optional<JsonFields> first(String name, Section arch, Section beside) {
    return arch.field(name).or(() -> beside.field(name));
  }

  private static void requireBothHalves(Set<String> keys) {
    boolean encoder = keys.stream().anyMatch(key -> key.startsWith("encoder."));
    boolean decoder = keys.stream().anyMatch(key -> key.startsWith("decoder."));
    if (encoder != decoder) {
      throw new InvalidModelException(
          VAE
              + " holds only the "
              + (encoder ? "encoder" : "decoder")
              + " of a VAE; its "
              + (encoder ? "decoder" : "encoder")
              + " is needed as well: get the whole file, Wan2.1_VAE.pth");
    }
  }

  private static List<Boolean> temporalDownsample(JsonFields json, String name) {
    List<Boolean> values = new ArrayList<>();
    for (boolean halved : json.booleans(name)) {
      values.add(halved);
    }
    return values;
  }

  private static List<Float> perChannel(
      String name, Section arch, Section beside, int channels, List<Float> released) {
    List<Float> values =
        first(name, arch, beside).map(json -> VaeReader.floats(json, name)).orElse(released);
    if (values.size() != channels) {
      throw first(name, arch, beside)
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
