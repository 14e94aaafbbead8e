package dev.showo2.sampler;

import dev.showo2.sampler.internal.VelocityField;

/** One step of a method with a fixed number of evaluations. */
@FunctionalInterface
interface StepMethod {

  /**
   * @param y the state at t0; not to be written to
   * @return the state at t1, in a new array
   */
  float[] step(VelocityField field, float t0, float t1, float[] y);
}
