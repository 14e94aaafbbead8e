package dev.showo2.pipeline;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.tensor.HostTensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * Settings of the flow from noise to an image or video. A setting that is left open is taken from
 * the model's defaults. {@link FlowRequestBuilder} documents each setting.
 *
 * <p>Immutable and thread-safe.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class FlowOptions {

  /** Every setting left open. */
  public static final FlowOptions DEFAULTS = builder().build();

  private final OptionalLong seed;
  private final OptionalInt steps;
  private final Optional<Float> guidanceScale;
  private final Optional<Float> guidanceStart;
  private final Optional<Float> guidanceEnd;
  private final Optional<String> negativePrompt;
  private final Optional<Solver> solver;
  private final Optional<Float> timeShift;
  private final Optional<StepReuse> reuse;
  private final Optional<FlowPreset> preset;
  private final Optional<HostTensor> initialLatents;

  FlowOptions(FlowRequestBuilder<?> builder) {
    seed = builder.seed;
    steps = builder.steps;
    guidanceScale = builder.guidanceScale;
    guidanceStart = builder.guidanceStart;
    guidanceEnd = builder.guidanceEnd;
    negativePrompt = builder.negativePrompt;
    solver = builder.solver;
    timeShift = builder.timeShift;
    reuse = builder.reuse;
    preset = builder.preset;
    initialLatents = builder.initialLatents;
    requireRanges();
  }

  private void requireRanges() {
    if (steps.isPresent() && steps.getAsInt() < 2) {
      throw new InvalidRequestException(
          "steps: at least 2 time points are needed, found " + steps.getAsInt());
    }
    guidanceScale.ifPresent(scale -> requireGuidanceScale("guidance scale", scale));
    guidanceStart.ifPresent(start -> requireShare("guidance start", start));
    guidanceEnd.ifPresent(end -> requireShare("guidance end", end));
    float start = guidanceStart.orElse(0f);
    float end = guidanceEnd.orElse(1f);
    if (start > 0 && start >= end) {
      throw new InvalidRequestException(
          "guidance start: a share below the guidance end, "
              + end
              + ", is needed, found "
              + start
              + "; use guidance scale 0 for no guidance");
    }
    timeShift.ifPresent(
        shift -> {
          if (!(shift > 0) || shift.isInfinite()) {
            throw new InvalidRequestException(
                "time shift: a number above 0 is needed, found " + shift);
          }
        });
    initialLatents.ifPresent(FlowOptions::requireFinite);
  }

  private static void requireShare(String name, float share) {
    if (!(share >= 0 && share <= 1)) {
      throw new InvalidRequestException(
          name + ": a share of the steps from 0 to 1 is needed, found " + share);
    }
  }

  static void requireGuidanceScale(String name, float scale) {
    if (!(scale >= 0) || Float.isInfinite(scale)) {
      throw new InvalidRequestException(
          name + ": a number from 0 (no guidance) up is needed, found " + scale);
    }
  }

  private static void requireFinite(HostTensor latents) {
    for (float value : latents.values()) {
      if (!Float.isFinite(value)) {
        throw new InvalidRequestException(
            "initial latents: finite numbers are needed, found " + value);
      }
    }
  }

  /** {@return a builder with every setting left open} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder with the settings of these options} */
  public Builder toBuilder() {
    return builder().options(this);
  }

  /** The same with another seed. */
  FlowOptions withSeed(long other) {
    return toBuilder().seed(other).build();
  }

  /** {@return the seed of the noise; empty: one is chosen at random} */
  public OptionalLong seed() {
    return seed;
  }

  /** {@return the number of time points n, at least 2, for n − 1 solver steps} */
  public OptionalInt steps() {
    return steps;
  }

  /** {@return the scale of classifier-free guidance, at least 0} */
  public Optional<Float> guidanceScale() {
    return guidanceScale;
  }

  /** {@return the share of the solver steps before guidance begins, 0 … 1; empty: none} */
  public Optional<Float> guidanceStart() {
    return guidanceStart;
  }

  /** {@return the share of the solver steps after which guidance ends, 0 … 1; empty: never} */
  public Optional<Float> guidanceEnd() {
    return guidanceEnd;
  }

  /** {@return the prompt that guidance moves away from; empty: the empty prompt} */
  public Optional<String> negativePrompt() {
    return negativePrompt;
  }

  /** {@return the solver of the flow's differential equation} */
  public Optional<Solver> solver() {
    return solver;
  }

  /** {@return the shift of the time points, above 0} */
  public Optional<Float> timeShift() {
    return timeShift;
  }

  /** {@return what solver steps reuse of earlier ones; empty: what the preset says} */
  public Optional<StepReuse> reuse() {
    return reuse;
  }

  /** {@return the balance of speed and faithfulness; empty: {@link FlowPreset#QUALITY}} */
  public Optional<FlowPreset> preset() {
    return preset;
  }

  /** {@return the noise [1, C, T, h, w] to start from; empty: that of the seed} */
  public Optional<HostTensor> initialLatents() {
    return initialLatents;
  }

  private List<Object> settings() {
    return List.of(
        seed,
        steps,
        guidanceScale,
        guidanceStart,
        guidanceEnd,
        negativePrompt,
        solver,
        timeShift,
        reuse,
        preset,
        initialLatents);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FlowOptions options && settings().equals(options.settings());
  }

  @Override
  public int hashCode() {
    return settings().hashCode();
  }

  @Override
  public String toString() {
    return "FlowOptions[seed="
        + seed
        + ", steps="
        + steps
        + ", guidanceScale="
        + guidanceScale
        + ", guidanceStart="
        + guidanceStart
        + ", guidanceEnd="
        + guidanceEnd
        + ", negativePrompt="
        + negativePrompt
        + ", solver="
        + solver
        + ", timeShift="
        + timeShift
        + ", reuse="
        + reuse
        + ", preset="
        + preset
        + ", initialLatents="
        + initialLatents
        + "]";
  }

  /** Builds {@link FlowOptions}. Not thread-safe. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public static final class Builder extends FlowRequestBuilder<Builder> {

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /**
     * Builds the options.
     *
     * @return the options
     * @throws InvalidRequestException if a setting is out of its range
     */
    public FlowOptions build() {
      return flowOptions();
    }
  }
}
