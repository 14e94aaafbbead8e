package dev.showo2.sampler.internal;

import org.apiguardian.api.API;

/**
 * Is told every time point of an integration as it is reached, for progress, previews and
 * cancelling.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
@FunctionalInterface
public interface TrajectoryObserver {

  /**
   * Called on the thread that integrates, before it goes on. What is thrown here ends the
   * integration and reaches its caller unchanged.
   *
   * @param index of the time point; 0 is the noise
   * @param time of this point
   * @param latents the state at this time, row-major; may be kept, not written to
   */
  void observe(int index, float time, float[] latents);

  /** An observer that looks away. */
  static TrajectoryObserver none() {
    return (index, time, latents) -> {};
  }
}
