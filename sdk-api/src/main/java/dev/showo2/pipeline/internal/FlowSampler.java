package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import dev.showo2.sampler.internal.FlowIntegrator;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Carries noise to latents under the model's velocity (SPEC 7).
 *
 * @param imageIndex which image of the request it is, for the listener
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
   * Guidance costs half of each step that it takes part in, so the steps after its end run on one
   * branch.
   *
   * @param start latents [B, C, T, h, w] at the first of the times
   * @param constraint what of the velocity is not the model's to decide
   * @return latents [B, C, T, h, w]
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

  /**
   * Tells a request's listener each step of a flow, and shows it previews where it asks for them.
   */
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
     * @param imageIndex which image of the request it is
     * @param total steps that there will be
     * @param shape of the latents, [1, C, T, h, w]
     */
    StepProgress(LoadedModel model, RequestContext run, int imageIndex, int total, Shape shape) {
      this.model = model;
      this.listener = run.listener();
      this.imageIndex = imageIndex;
      this.total = total;
      this.shape = shape;
    }

    /** For the rest of a flow, whose first point was the last of what came before. */
    TrajectoryObserver from(int step) {
      return (index, time, latents) -> {
        // Told already; only where nothing came before is it new.
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

    /** Where the latents would end if they kept the course of the last step: without its noise. */
    private float[] expected(float time, float[] latents) {
      float ahead = (1 - time) / (time - lastTime);
      float[] expected = new float[latents.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = latents[i] + ahead * (latents[i] - last[i]);
      }
      return expected;
    }
  }
}
