package dev.showo2.sampler;

/** How a solver gets from the first time to the last; arguments are checked already. */
@FunctionalInterface
interface Integrator {

  float[] integrate(
      VelocityField field, float[] initial, float[] times, TrajectoryObserver observer);
}
