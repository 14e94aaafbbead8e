package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import dev.showo2.sampler.internal.FlowIntegrator;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.spi.Backend;
import dev.showo2.stage.DenoiseStepRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Integrates from noise to latents under the model's velocity (SPEC 7).
 *
 * @param model that gives the velocity
 * @param settings solver, time points and guidance
 * @param run context of the request
 * @param imageIndex index of the image within the request, for the listener
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record FlowSampler(
    LoadedModel model, FlowSettings settings, RequestContext run, int imageIndex) {

  private static final Guidance NO_GUIDANCE = new Guidance(0);

  /** Samples where all of the velocity is the model's to decide. */
  public HostTensor sample(HostTensor start, DenoisingBranches branches) {
    return sample(start, UnaryOperator.identity(), branches);
  }

  /**
   * Integrates over all time points. Solver steps after the end of guidance run the conditional
   * branch alone, in half the time.
   *
   * @param start latents [B, C, T, h, w] at the first time point
   * @param constraint changes the velocity, for example to keep known latents
   * @param branches prefilled; stay open
   * @return latents [B, C, T, h, w] at the last time point
   */
  public HostTensor sample(
      HostTensor start, UnaryOperator<VelocityField> constraint, DenoisingBranches branches) {
    Shape shape = start.shape();
    float[] times = settings.times();
    int guided = settings.guidedSteps();
    StepProgress progress = new StepProgress(model, run, imageIndex, times.length - 1, shape);
    float[] latents = start.values();
    if (guided > 0) {
      VelocityField field = velocity(shape, settings.guidance(), constraint, branches);
      float[] first = Arrays.copyOf(times, guided + 1);
      latents = FlowIntegrator.integrate(settings.solver(), field, latents, first, progress);
    }
    if (guided < times.length - 1) {
      VelocityField field = velocity(shape, NO_GUIDANCE, constraint, branches);
      float[] rest = Arrays.copyOfRange(times, guided, times.length);
      latents =
          FlowIntegrator.integrate(settings.solver(), field, latents, rest, progress.from(guided));
    }
    return new HostTensor(shape, latents);
  }

  private VelocityField velocity(
      Shape shape,
      Guidance guidance,
      UnaryOperator<VelocityField> constraint,
      DenoisingBranches branches) {
    return cancellable(
        constraint.apply(new GuidedVelocity(model.backend(), shape, guidance, branches)));
  }

  private VelocityField cancellable(VelocityField field) {
    return (time, latents) -> {
      run.check();
      return field.velocity(time, latents);
    };
  }

  /** Forwards each solver step to the listener, with previews where it asks for them. */
  private static final class StepProgress implements TrajectoryObserver {

    private final LoadedModel model;
    private final GenerationListener listener;
    private final int imageIndex;
    private final int total;
    private final Shape shape;
    private final long start = System.nanoTime();
    private float lastTime;
    private float[] last;

    /**
     * Starts the clock.
     *
     * @param imageIndex index of the image within the request
     * @param total number of solver steps
     * @param shape of the latents, [1, C, T, h, w]
     */
    StepProgress(LoadedModel model, RequestContext run, int imageIndex, int total, Shape shape) {
      this.model = model;
      this.listener = run.listener();
      this.imageIndex = imageIndex;
      this.total = total;
      this.shape = shape;
    }

    /** The observer of the rest of a flow, whose first point is the last one so far. */
    TrajectoryObserver from(int step) {
      return (index, time, latents) -> {
        // The first point has been reported already, unless the flow starts here.
        if (index > 0 || step == 0) {
          observe(step + index, time, latents);
        }
      };
    }

    @Override
    public void observe(int index, float time, float[] latents) {
      HostTensor state = new HostTensor(shape, latents);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      listener.step(new DenoisingStep(imageIndex, index, total, time, elapsed, state));
      int every = listener.previewEvery();
      if (every > 0 && index > 0 && index % every == 0) {
        HostTensor expected = new HostTensor(shape, expected(time, latents));
        listener.preview(new Preview(imageIndex, index, model.preview().frames(expected)));
      }
      lastTime = time;
      last = latents;
    }

    /** The final latents, extrapolated from the last solver step. */
    private float[] expected(float time, float[] latents) {
      float ahead = (1 - time) / (time - lastTime);
      float[] expected = new float[latents.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = latents[i] + ahead * (latents[i] - last[i]);
      }
      return expected;
    }
  }

  /**
   * The velocity of latents under classifier-free guidance, by the backend's denoising step (SPEC
   * 7).
   *
   * @param latentShape [B, C, T, h, w]
   * @param guidance where it is disabled, the conditional branch runs alone
   * @param branches stay open
   */
  private record GuidedVelocity(
      Backend backend, Shape latentShape, Guidance guidance, DenoisingBranches branches)
      implements VelocityField {

    @Override
    public float[] velocity(float time, float[] latents) {
      try (Tensor uploaded = backend.upload(new HostTensor(latentShape, latents));
          Tensor velocity = backend.denoiseStep().velocity(request(time, uploaded))) {
        return velocity.toHost().values();
      }
    }

    private DenoiseStepRequest request(float time, Tensor latents) {
      DenoiseStepRequest.Builder request =
          DenoiseStepRequest.builder(latents, time, branches.conditional().caches());
      if (guidance.enabled()) {
        request.guidance(branches.unconditional().orElseThrow().caches(), guidance.scale());
      }
      return request.build();
    }
  }
}
