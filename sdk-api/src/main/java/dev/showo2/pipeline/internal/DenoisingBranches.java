package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What a flow is conditioned on: the branch of the prompt, and where there is guidance the one that
 * it is pushed away from. Freed with {@link #close}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record DenoisingBranches(
    DenoisingBranch conditional, Optional<DenoisingBranch> unconditional) implements AutoCloseable {

  /**
   * Takes in what comes before one image or video.
   *
   * @param guided whether guidance takes part at all
   * @param prompt what comes before the image
   * @param negative what comes before it in the other branch
   */
  static DenoisingBranches start(
      Backend backend, RequestContext run, boolean guided, Segment prompt, Segment negative) {
    run.check();
    DenoisingBranch conditional = DenoisingBranch.start(backend, prompt);
    try {
      if (!guided) {
        return new DenoisingBranches(conditional, Optional.empty());
      }
      run.check();
      return new DenoisingBranches(
          conditional, Optional.of(DenoisingBranch.start(backend, negative)));
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
