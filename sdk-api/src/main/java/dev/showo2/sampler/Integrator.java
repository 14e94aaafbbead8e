package dev.showo2.sampler;

import dev.showo2.sampler.internal.TrajectoryObserver;
import dev.showo2.sampler.internal.VelocityField;

/** How a solver gets from the first time to the last; arguments are checked already. */
@FunctionalInterface
interface Integrator {

  float[] integrate(
      VelocityField field, float[] initial, float[] times, TrajectoryObserver observer);
}
