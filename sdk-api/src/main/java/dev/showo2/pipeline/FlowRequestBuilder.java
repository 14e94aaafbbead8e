package dev.showo2.pipeline;

import dev.showo2.sampler.Solver;
import dev.showo2.tensor.HostTensor;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * What the builders of all requests for images and videos have in common: the {@link FlowOptions},
 * which also say what each setting means and which values it takes.
 *
 * @param <B> the builder itself
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public abstract sealed class FlowRequestBuilder<B extends FlowRequestBuilder<B>>
    permits FlowOptions.Builder,
        TextToImageRequest.Builder,
        ImageToImageRequest.Builder,
        StoryRequest.Builder,
        TextToVideoRequest.Builder,
        ImageToVideoRequest.Builder {

  private OptionalLong seed = OptionalLong.empty();
  private OptionalInt steps = OptionalInt.empty();
  private Optional<Float> guidanceScale = Optional.empty();
  private Optional<Float> guidanceEnd = Optional.empty();
  private Optional<String> negativePrompt = Optional.empty();
  private Optional<Solver> solver = Optional.empty();
  private Optional<Float> timeShift = Optional.empty();
  private Optional<HostTensor> initialLatents = Optional.empty();

  FlowRequestBuilder() {}

  abstract B self();

  FlowOptions flowOptions() {
    return new FlowOptions(
        seed, steps, guidanceScale, guidanceEnd, negativePrompt, solver, timeShift, initialLatents);
  }

  /** All settings of the flow at once; replaces those that were made before. */
  public B options(FlowOptions options) {
    Objects.requireNonNull(options, "options");
    seed = options.seed();
    steps = options.steps();
    guidanceScale = options.guidanceScale();
    guidanceEnd = options.guidanceEnd();
    negativePrompt = options.negativePrompt();
    solver = options.solver();
    timeShift = options.timeShift();
    initialLatents = options.initialLatents();
    return self();
  }

  public B seed(long seed) {
    this.seed = OptionalLong.of(seed);
    return self();
  }

  public B steps(int steps) {
    this.steps = OptionalInt.of(steps);
    return self();
  }

  public B guidanceScale(float guidanceScale) {
    this.guidanceScale = Optional.of(guidanceScale);
    return self();
  }

  public B guidanceEnd(float guidanceEnd) {
    this.guidanceEnd = Optional.of(guidanceEnd);
    return self();
  }

  public B negativePrompt(String negativePrompt) {
    this.negativePrompt = Optional.of(Objects.requireNonNull(negativePrompt, "negativePrompt"));
    return self();
  }

  public B solver(Solver solver) {
    this.solver = Optional.of(Objects.requireNonNull(solver, "solver"));
    return self();
  }

  public B timeShift(float timeShift) {
    this.timeShift = Optional.of(timeShift);
    return self();
  }

  public B initialLatents(HostTensor initialLatents) {
    this.initialLatents = Optional.of(Objects.requireNonNull(initialLatents, "initialLatents"));
    return self();
  }
}
