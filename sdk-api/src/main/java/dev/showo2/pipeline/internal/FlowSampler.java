package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.Preview;
import dev.showo2.sampler.StepReuse;
import dev.showo2.sampler.internal.FlowIntegrator;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.ReusedVelocity;
import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
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
   * Integrates over all time points. Solver steps before and after guidance run the conditional
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
    int steps = settings.times().length - 1;
    StepProgress progress = new StepProgress(model, run, imageIndex, steps, shape);
    int[] borders = {0, settings.firstGuided(), settings.guidedEnd(), steps};
    float[] latents = start.values();
    for (int part = 0; part + 1 < borders.length; part++) {
      int from = borders[part];
      int count = borders[part + 1] - from;
      if (count > 0) {
        Guidance guidance = part == 1 ? settings.guidance() : NO_GUIDANCE;
        float[] times = Arrays.copyOfRange(settings.times(), from, from + count + 1);
        try (ModelVelocity velocity = velocity(shape, guidance, branches, count)) {
          latents =
              FlowIntegrator.integrate(
                  settings.solver(),
                  cancellable(constraint.apply(reused(velocity, count))),
                  latents,
                  times,
                  progress.from(from));
        }
      }
    }
    return new HostTensor(shape, latents);
  }

  private ModelVelocity velocity(
      Shape shape, Guidance guidance, DenoisingBranches branches, int steps) {
    ModelVelocity.Step step = new ModelVelocity.Step(model.backend(), shape, guidance, branches);
    return ModelVelocity.of(step, settings.reuse(), steps);
  }

  private VelocityField reused(VelocityField velocity, int steps) {
    StepReuse reuse = settings.reuse();
    return reuse.velocitySteps() > 1 || reuse.tolerance() > 0
        ? new ReusedVelocity(velocity, reuse, steps)
        : velocity;
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

    /** The observer of a part of a flow, whose first point is the last one so far. */
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
}
