package dev.showo2.pipeline;

import dev.showo2.sequence.Segment;
import dev.showo2.spi.Backend;
import java.util.Optional;

/**
 * What a flow is conditioned on: the branch of the prompt, and where there is guidance the one that
 * it is pushed away from. Freed with {@link #close}.
 */
record GuidedBranches(DenoisingBranch conditional, Optional<DenoisingBranch> unconditional)
    implements AutoCloseable {

  /**
   * @param batch B, pictures side by side
   * @param guided whether guidance takes part at all
   * @param prompt what comes before the image
   * @param empty what comes before it in the other branch
   */
  static GuidedBranches start(
      Backend backend, int batch, boolean guided, Segment prompt, Segment empty) {
    DenoisingBranch conditional = DenoisingBranch.start(backend, batch, prompt);
    try {
      return new GuidedBranches(
          conditional,
          guided ? Optional.of(DenoisingBranch.start(backend, batch, empty)) : Optional.empty());
    } catch (RuntimeException | Error e) {
      try (conditional) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    try (conditional) {
      unconditional.ifPresent(DenoisingBranch::close);
    }
  }
}
