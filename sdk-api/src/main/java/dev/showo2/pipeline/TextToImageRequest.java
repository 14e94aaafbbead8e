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
 * A picture to be drawn. What is left open is taken from the model's defaults. Immutable.
 *
 * @param prompt what to draw, in English or Chinese; empty for whatever the model likes
 * @param seed of the noise, with the meaning of {@code torch.manual_seed}; left open, one is chosen
 *     and given with the result
 * @param steps time points, at least 2; an Euler run makes one evaluation fewer
 * @param guidanceScale how closely to follow the prompt, at least 0; 0 skips the unconditional
 *     branch
 * @param solver of the flow's differential equation
 * @param timeShift above 0; larger values spend more steps on noise
 * @param width in pixels, a multiple of 16; other sizes than the model's own only where the model
 *     interpolates positions
 * @param height as {@code width}
 * @param initialLatents noise [1, C, 1, h, w] to start from instead of the seed's
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TextToImageRequest(
    String prompt,
    OptionalLong seed,
    OptionalInt steps,
    Optional<Float> guidanceScale,
    Optional<Solver> solver,
    Optional<Float> timeShift,
    OptionalInt width,
    OptionalInt height,
    Optional<HostTensor> initialLatents) {

  /**
   * @throws InvalidRequestException if a setting is out of its range
   */
  public TextToImageRequest {
    Objects.requireNonNull(seed, "seed");
    Objects.requireNonNull(steps, "steps");
    Objects.requireNonNull(guidanceScale, "guidanceScale");
    Objects.requireNonNull(solver, "solver");
    Objects.requireNonNull(timeShift, "timeShift");
    Objects.requireNonNull(width, "width");
    Objects.requireNonNull(height, "height");
    Objects.requireNonNull(initialLatents, "initialLatents");
    if (prompt == null) {
      throw new InvalidRequestException("prompt: text is needed, found null; it may be empty");
    }
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
    initialLatents.ifPresent(TextToImageRequest::requireFinite);
    timeShift.ifPresent(
        shift -> {
          if (!(shift > 0) || shift.isInfinite()) {
            throw new InvalidRequestException(
                "time shift: a number above 0 is needed, found " + shift);
          }
        });
  }

  private static void requireFinite(HostTensor latents) {
    for (float value : latents.values()) {
      if (!Float.isFinite(value)) {
        throw new InvalidRequestException(
            "initial latents: finite numbers are needed, found " + value);
      }
    }
  }

  /** A request with the model's defaults. */
  public static TextToImageRequest of(String prompt) {
    return builder(prompt).build();
  }

  public static Builder builder(String prompt) {
    return new Builder(prompt);
  }

  /** Collects what a {@link TextToImageRequest} is made of. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public static final class Builder {

    private final String prompt;
    private OptionalLong seed = OptionalLong.empty();
    private OptionalInt steps = OptionalInt.empty();
    private Optional<Float> guidanceScale = Optional.empty();
    private Optional<Solver> solver = Optional.empty();
    private Optional<Float> timeShift = Optional.empty();
    private OptionalInt width = OptionalInt.empty();
    private OptionalInt height = OptionalInt.empty();
    private Optional<HostTensor> initialLatents = Optional.empty();

    private Builder(String prompt) {
      this.prompt = prompt;
    }

    public Builder seed(long seed) {
      this.seed = OptionalLong.of(seed);
      return this;
    }

    public Builder steps(int steps) {
      this.steps = OptionalInt.of(steps);
      return this;
    }

    public Builder guidanceScale(float guidanceScale) {
      this.guidanceScale = Optional.of(guidanceScale);
      return this;
    }

    public Builder solver(Solver solver) {
      this.solver = Optional.of(solver);
      return this;
    }

    public Builder timeShift(float timeShift) {
      this.timeShift = Optional.of(timeShift);
      return this;
    }

    public Builder size(int width, int height) {
      this.width = OptionalInt.of(width);
      this.height = OptionalInt.of(height);
      return this;
    }

    public Builder initialLatents(HostTensor initialLatents) {
      this.initialLatents = Optional.of(initialLatents);
      return this;
    }

    /**
     * @throws InvalidRequestException if a setting is out of its range
     */
    public TextToImageRequest build() {
      return new TextToImageRequest(
          prompt, seed, steps, guidanceScale, solver, timeShift, width, height, initialLatents);
    }
  }
}
