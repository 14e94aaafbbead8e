package dev.showo2.sampler.internal;

import dev.showo2.sampler.Solver;
import org.apiguardian.api.API;

/**
 * dx/dt of the flow from noise (t = 0) to data (t = 1), as the model gives it after guidance (SPEC
 * 7).
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@FunctionalInterface
public interface VelocityField {

  /**
   * Called by a {@link Solver} on the thread that integrates.
   *
   * @param time normally in [0, 1]; {@link Solver#DOPRI5} may look beyond the last time point
   * @param latents the state, row-major; not to be written to
   * @return as many finite values as there are latents, in an array that is not written to again
   */
  float[] velocity(float time, float[] latents);
}
