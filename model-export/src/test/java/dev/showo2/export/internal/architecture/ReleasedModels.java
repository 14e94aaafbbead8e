package dev.showo2.export.internal.architecture;

import dev.showo2.model.Architecture;
import dev.showo2.model.internal.JsonFields;
import java.util.Optional;

/** The sizes of the released models, read from their lists of keys without any arch.json. */
public final class ReleasedModels {

  /** Tokens at each side of an image. */
  public static final int STANDARD_SIDE = 27;

  /** Of the high resolutions. */
  public static final int HIGH_SIDE = 64;

  private ReleasedModels() {}

  /** 1.5B. */
  public static Architecture small(int side) {
    return read(weights("show-o2-1.5B").headEqualsEmbedding(), side);
  }

  /** 7B. */
  public static Architecture large() {
    return read(weights("show-o2-7B"), STANDARD_SIDE);
  }

  private static Architecture read(ShapeOnlyWeights model, int side) {
    String config =
        "{\"image_latent_height\":%d,\"image_latent_width\":%d,\"llm_vocab_size\":null}"
            .formatted(side, side);
    return ArchitectureReader.read(
        model, weights("Wan2.1_VAE"), JsonFields.parse(config, "config.json"), Optional.empty());
  }

  private static ShapeOnlyWeights weights(String name) {
    return new ShapeOnlyWeights(ShapeOnlyWeights.released(name));
  }
}
