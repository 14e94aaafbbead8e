package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.tensor.HostTensor;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * How noise is to become an image or video. What is left open is taken from the model's defaults.
 * Immutable.
 *
 * @param seed of the noise, with the meaning of {@code torch.manual_seed}; left open, one is chosen
 *     and given with the result
 * @param steps time points, at least 2; an Euler run makes one evaluation fewer
 * @param guidanceScale how closely to follow the prompt, at least 0; 0 skips the unconditional
 *     branch
 * @param guidanceEnd after which share of the steps guidance ends, 0 … 1; the steps after it take
 *     half the time. Left open, all steps are guided
 * @param negativePrompt what to stay away from, in place of the empty prompt; needs guidance
 * @param solver of the flow's differential equation
 * @param timeShift above 0; larger values spend more steps on noise
 * @param initialLatents noise [1, C, T, h, w] to start from instead of the seed's, finite; where a
 *     video starts from an image, that takes the first frame's place
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FlowOptions(
    OptionalLong seed,
    OptionalInt steps,
    Optional<Float> guidanceScale,
    Optional<Float> guidanceEnd,
    Optional<String> negativePrompt,
    Optional<Solver> solver,
    Optional<Float> timeShift,
    Optional<HostTensor> initialLatents) {

  /** Everything left to the model. */
  public static final FlowOptions DEFAULTS =
      new FlowOptions(
          OptionalLong.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /**
   * @throws InvalidRequestException if a setting is out of its range
   */
  public FlowOptions {
    Objects.requireNonNull(seed, "seed");
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(guidanceScale, "guidanceScale");
    Objects.requireNonNull(guidanceEnd, "guidanceEnd");
    Objects.requireNonNull(negativePrompt, "negativePrompt");
    Objects.requireNonNull(solver, "solver");
    Objects.requireNonNull(timeShift, "timeShift");
    Objects.requireNonNull(initialLatents, "initialLatents");
    if (steps.isPresent() && steps.getAsInt() < 2) {
      throw new InvalidRequestException(
          "steps: at least 2 time points are needed, found " + steps.getAsInt());
    }
    guidanceScale.ifPresent(
        scale -> {
          if (!(scale >= 0) || scale.isInfinite()) {
            throw new InvalidRequestException(
                "guidance scale: a number from 0 (no guidance) up is needed, found " + scale);
          }
        });
    guidanceEnd.ifPresent(
        end -> {
          if (!(end >= 0 && end <= 1)) {
            throw new InvalidRequestException(
                "guidance end: a share of the steps from 0 to 1 is needed, found " + end);
          }
        });
    timeShift.ifPresent(
        shift -> {
          if (!(shift > 0) || shift.isInfinite()) {
            throw new InvalidRequestException(
                "time shift: a number above 0 is needed, found " + shift);
          }
        });
    initialLatents.ifPresent(FlowOptions::requireFinite);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The same with another seed. */
  FlowOptions withSeed(long seed) {
    return builder().options(this).seed(seed).build();
  }

  private static void requireFinite(HostTensor latents) {
    for (float value : latents.values()) {
      if (!Float.isFinite(value)) {
        throw new InvalidRequestException(
            "initial latents: finite numbers are needed, found " + value);
      }
    }
  }

  /** Collects what {@link FlowOptions} are made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range
     */
    public FlowOptions build() {
      return flowOptions();
    }
  }
}
