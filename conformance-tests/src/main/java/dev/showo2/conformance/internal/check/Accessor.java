package dev.showo2.conformance.internal.check;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * An accessor of a backend.
 *
 * @param stages of which one suffices for it to give a stage
 * @param forms what the stage may lack nevertheless
 */
record Accessor(String name, Set<Stage> stages, Set<Stage> forms, Function<Backend, Object> call) {

  static final List<Accessor> ALL =
      List.of(
          of("textEmbedding", Backend::textEmbedding, Stage.TEXT_EMBEDDING),
          of("timeEmbedding", Backend::timeEmbedding, Stage.TIME_EMBEDDING),
          new Accessor(
              "fusion", Set.of(Stage.FUSION), Set.of(Stage.FUSION_RESIZE), Backend::fusion),
          of("backbone", Backend::backbone, Stage.BACKBONE),
          of("languageHead", Backend::languageHead, Stage.LANGUAGE_HEAD),
          of("flowHead", Backend::flowHead, Stage.FLOW_HEAD),
          of("vaeEncoder", Backend::vaeEncoder, Stage.VAE_IMAGE_ENCODER, Stage.VAE_VIDEO_ENCODER),
          of("vaeDecoder", Backend::vaeDecoder, Stage.VAE_IMAGE_DECODER, Stage.VAE_VIDEO_DECODER));

  private static Accessor of(String name, Function<Backend, Object> call, Stage... stages) {
    return new Accessor(name, Set.of(stages), Set.of(stages), call);
  }

  /** What messages on its absence speak of. */
  String subject() {
    return stages.size() == 1 ? stages.iterator().next().id() : "vae";
  }

  boolean isPresent(Backend backend) {
    return stages.stream().anyMatch(backend.capabilities()::supports);
  }
}
