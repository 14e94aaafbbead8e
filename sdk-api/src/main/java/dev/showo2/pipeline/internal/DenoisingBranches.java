package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.Segment;
import dev.showo2.spi.Backend;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The conditional branch of a flow and, under classifier-free guidance, the unconditional one. The
 * opener closes them. Not thread-safe.
 *
 * @param conditional the branch of the prompt
 * @param unconditional the branch of the negative or empty prompt; empty without guidance
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record DenoisingBranches(
    DenoisingBranch conditional, Optional<DenoisingBranch> unconditional) implements AutoCloseable {

  /**
   * Prefills the branches of one image or video.
   *
   * @param guided whether any solver step uses guidance
   * @param prompt the prefix of the conditional branch
   * @param negative the prefix of the unconditional branch
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
