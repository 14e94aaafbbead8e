package dev.showo2.pipeline;

import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.tensor.HostTensor;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/**
 * Settings that the builders of all requests for images and videos share, those of {@link
 * FlowOptions}. A setting that is not made is left to the model's defaults; ranges are checked when
 * the request is built.
 *
 * <p>Not thread-safe.
 *
 * @param <B> the builder itself
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public abstract sealed class FlowRequestBuilder<B extends FlowRequestBuilder<B>>
    permits FlowOptions.Builder,
        TextToImageRequest.Builder,
        ImageToImageRequest.Builder,
        StoryRequest.Builder,
        TextToVideoRequest.Builder,
        ImageToVideoRequest.Builder {

  OptionalLong seed = OptionalLong.empty();
  OptionalInt steps = OptionalInt.empty();
  Optional<Float> guidanceScale = Optional.empty();
  Optional<Float> guidanceStart = Optional.empty();
  Optional<Float> guidanceEnd = Optional.empty();
  Optional<String> negativePrompt = Optional.empty();
  Optional<Solver> solver = Optional.empty();
  Optional<Float> timeShift = Optional.empty();
  Optional<StepReuse> reuse = Optional.empty();
  Optional<FlowPreset> preset = Optional.empty();
  Optional<HostTensor> initialLatents = Optional.empty();

  FlowRequestBuilder() {}

  abstract B self();

  FlowOptions flowOptions() {
    return new FlowOptions(this);
  }

  /**
   * Takes all settings of the flow at once, in place of those that were made before.
   *
   * @param options their open settings are left open
   * @return this builder
   */
  public B options(FlowOptions options) {
    Objects.requireNonNull(options, "options");
    seed = options.seed();
    steps = options.steps();
    guidanceScale = options.guidanceScale();
    guidanceStart = options.guidanceStart();
    guidanceEnd = options.guidanceEnd();
    negativePrompt = options.negativePrompt();
    solver = options.solver();
    timeShift = options.timeShift();
    reuse = options.reuse();
    preset = options.preset();
    initialLatents = options.initialLatents();
    return self();
  }

  /**
   * Sets the seed of the noise. The same request with the same seed gives the same result; another
   * seed gives another image or video of the same prompt. Default: a random one of 32 bits, which
   * the result names.
   *
   * @param seed any number; its 64 bits are taken as {@code torch.manual_seed} takes them, so that
   *     {@code -1} and 2^64 − 1 ({@link Long#parseUnsignedLong}) are the same seed
   * @return this builder
   */
  public B seed(long seed) {
    this.seed = OptionalLong.of(seed);
    return self();
  }

  /**
   * Sets the number of time points from noise to data. As the official code counts, n time points
   * make n − 1 solver steps: 50 are 49 evaluations of the model with {@link Solver#EULER}, twice as
   * many with guidance. More steps follow the flow more exactly and take longer in proportion.
   * Default: the model's, 50 in the released configurations.
   *
   * @param steps time points, at least 2
   * @return this builder
   */
  public B steps(int steps) {
    this.steps = OptionalInt.of(steps);
    return self();
  }

  /**
   * Sets the scale s of classifier-free guidance: the velocity is u + s·(c − u), with c under the
   * prompt and u under the negative prompt. Larger scales follow the prompt more closely at the
   * price of variety and natural color. At 0 and 1 the velocity is c alone, which needs one
   * evaluation of the model instead of two and halves the time. Default: the model's.
   *
   * @param guidanceScale at least 0, usually 2 to 8
   * @return this builder
   */
  public B guidanceScale(float guidanceScale) {
    this.guidanceScale = Optional.of(guidanceScale);
    return self();
  }

  /**
   * Sets the share of the solver steps, counted from the noise on, that pass before guidance
   * begins. They run on the prompt alone and take half the time. Default: 0, none.
   *
   * @param guidanceStart 0 … 1, below the end of guidance; the number of steps is rounded to the
   *     nearest
   * @return this builder
   */
  public B guidanceStart(float guidanceStart) {
    this.guidanceStart = Optional.of(guidanceStart);
    return self();
  }

  /**
   * Sets the share of the solver steps, counted from the noise on, after which guidance ends. The
   * steps after it run on the prompt alone and take half the time. Default: 1, all steps.
   *
   * @param guidanceEnd 0 … 1; the number of guided steps is rounded to the nearest
   * @return this builder
   */
  public B guidanceEnd(float guidanceEnd) {
    this.guidanceEnd = Optional.of(guidanceEnd);
    return self();
  }

  /**
   * Sets the prompt that guidance moves away from. A request with a negative prompt and without
   * guidance (scale 0 or 1, or end 0) is refused when it is served, since the prompt would have no
   * effect. Default: the empty prompt.
   *
   * @param negativePrompt in English or Chinese
   * @return this builder
   */
  public B negativePrompt(String negativePrompt) {
    this.negativePrompt = Optional.of(Objects.requireNonNull(negativePrompt, "negativePrompt"));
    return self();
  }

  /**
   * Sets the solver of the flow's differential equation. Solvers of higher order follow the flow
   * more exactly with the same time points and evaluate the model several times a step. Default:
   * the model's, {@link Solver#EULER} in the released configurations.
   *
   * @param solver the solver
   * @return this builder
   */
  public B solver(Solver solver) {
    this.solver = Optional.of(Objects.requireNonNull(solver, "solver"));
    return self();
  }

  /**
   * Sets the shift of the time points: larger values put more of them near the noise, where the
   * composition is decided, and fewer near the data, where detail is. Default: the model's.
   *
   * @param timeShift above 0; 1 spreads the time points evenly
   * @return this builder
   */
  public B timeShift(float timeShift) {
    this.timeShift = Optional.of(timeShift);
    return self();
  }

  /**
   * Sets what solver steps reuse of earlier ones, an approximation that saves time. It takes a
   * solver that evaluates the model once a step. Default: that of the {@link #preset}, or nothing.
   *
   * @param reuse the approximation
   * @return this builder
   */
  public B reuse(StepReuse reuse) {
    this.reuse = Optional.of(Objects.requireNonNull(reuse, "reuse"));
    return self();
  }

  /**
   * Chooses between speed and faithfulness: settings that are left open become those of the preset.
   * Default: {@link FlowPreset#QUALITY}, the model's own settings.
   *
   * @param preset decides the number of time points and the reuse, where they are not set
   * @return this builder
   */
  public B preset(FlowPreset preset) {
    this.preset = Optional.of(Objects.requireNonNull(preset, "preset"));
    return self();
  }

  /**
   * Sets the noise to start from, in place of that of the seed. Where a video starts from an image,
   * the image replaces the first frame. Default: none.
   *
   * @param initialLatents [1, C, T, h, w], finite, of the shape that the result's latents will
   *     have; not copied and not to be written to
   * @return this builder
   */
  public B initialLatents(HostTensor initialLatents) {
    this.initialLatents = Optional.of(Objects.requireNonNull(initialLatents, "initialLatents"));
    return self();
  }
}
