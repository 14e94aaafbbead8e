package dev.showo2.pipeline.internal;

import dev.showo2.sampler.internal.FlowIntegrator;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
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

  /**
   * Guidance costs half of each step that it takes part in, so the steps after its end run on one
   * branch.
   *
   * @param start latents [B, C, T, h, w] at the first of the times
   * @param constraint what of the velocity is not the model's to decide
   * @return latents [B, C, T, h, w]
   */
  public HostTensor sample(
      HostTensor start, UnaryOperator<VelocityField> constraint, GuidedBranches branches) {
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
      GuidedBranches branches) {
    return cancellable(
        constraint.apply(new GuidedVelocity(model.backend(), shape, guidance, branches)));
  }

  private VelocityField cancellable(VelocityField field) {
    return (time, latents) -> {
      run.check();
      return field.velocity(time, latents);
    };
  }
}
