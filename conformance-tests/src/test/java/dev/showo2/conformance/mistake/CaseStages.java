package dev.showo2.conformance.mistake;

import dev.showo2.stage.Stage;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The stages whose results a golden case holds against the reference, by its kind. */
final class CaseStages {

  /** Cases of one stage or few, which run in no time. */
  private static final Map<String, Set<Stage>> SMALL =
      Map.of(
          "fusion", EnumSet.of(Stage.FUSION),
          "time_embedding", EnumSet.of(Stage.TIME_EMBEDDING),
          "backbone", EnumSet.of(Stage.BACKBONE, Stage.LANGUAGE_HEAD),
          "language_head", EnumSet.of(Stage.TEXT_EMBEDDING, Stage.BACKBONE, Stage.LANGUAGE_HEAD),
          "flow_head", EnumSet.of(Stage.TIME_EMBEDDING, Stage.FLOW_HEAD),
          "vae_encode", EnumSet.of(Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER),
          "vae_decode", EnumSet.of(Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER));

  private static final Set<Stage> IMAGE =
      EnumSet.of(Stage.VAE_IMAGE_ENCODER, Stage.VAE_IMAGE_DECODER);
  private static final Set<Stage> VIDEO =
      EnumSet.of(Stage.VAE_VIDEO_ENCODER, Stage.VAE_VIDEO_DECODER);

  private CaseStages() {}

  static boolean isSmall(String kind) {
    return SMALL.containsKey(kind);
  }

  static boolean isOfAutoencoder(String kind) {
    return kind.startsWith("vae");
  }

  /** All stages for the case of a whole task. */
  static Set<Stage> of(String kind, String name) {
    Set<Stage> stages = EnumSet.allOf(Stage.class);
    if (isSmall(kind)) {
      stages.retainAll(SMALL.get(kind));
    }
    if (isOfAutoencoder(kind)) {
      stages.removeAll(name.contains("video") ? IMAGE : VIDEO);
    }
    return stages;
  }
}
