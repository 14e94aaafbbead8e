package dev.showo2.pipeline;

import dev.showo2.sampler.TrajectoryObserver;
import dev.showo2.sampler.VelocityField;
import dev.showo2.sequence.Segment;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.time.Duration;

/** Carries noise to latents under the model's velocity (SPEC 7). */
record FlowSampler(LoadedModel model, FlowSettings settings, GenerationListener listener) {

  /**
   * @param noise [B, C, T, h, w]
   * @param holdFirstFrame whether the first latent frame stays as it is
   * @param prompt what comes before the latents
   * @param empty what comes before them without a prompt
   * @return latents [B, C, T, h, w]
   */
  HostTensor sample(HostTensor noise, boolean holdFirstFrame, Segment prompt, Segment empty) {
    Shape shape = noise.shape();
    try (GuidedVelocity velocity =
        GuidedVelocity.start(model.backend(), shape, settings.guidance(), prompt, empty)) {
      VelocityField field =
          holdFirstFrame ? new HeldFirstFrame(velocity, new LatentFrames(shape)) : velocity;
      float[] latents =
          settings.solver().integrate(field, noise.values(), settings.times(), progress(shape));
      return new HostTensor(shape, latents);
    }
  }

  private TrajectoryObserver progress(Shape shape) {
    long start = System.nanoTime();
    return (index, time, latents) ->
        listener.step(
            new DenoisingStep(
                index,
                settings.times().length - 1,
                time,
                Duration.ofNanos(System.nanoTime() - start),
                new HostTensor(shape, latents)));
  }
}
