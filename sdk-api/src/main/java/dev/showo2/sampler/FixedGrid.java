package dev.showo2.sampler;

import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;

/** One step from each time point to the next. */
record FixedGrid(StepMethod method) implements Integrator {

  @Override
  public float[] integrate(
      VelocityField field, float[] initial, float[] times, TrajectoryObserver observer) {
    float[] latents = initial;
    observer.observe(0, times[0], latents);
    for (int i = 1; i < times.length; i++) {
      latents = method.step(field, times[i - 1], times[i], latents);
      observer.observe(i, times[i], latents);
    }
    return latents;
  }
}
