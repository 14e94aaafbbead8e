package dev.showo2.sampler.internal;

import org.apiguardian.api.API;

/** A callback at every time point of an integration, for progress, previews and cancellation. */
@API(status = API.Status.INTERNAL, since = "0.1")
@FunctionalInterface
public interface TrajectoryObserver {

  /**
   * Called on the integrating thread, before it continues. An exception ends the integration and
   * reaches its caller unchanged.
   *
   * @param index of the time point; 0 is the noise
   * @param time of this point
   * @param latents the state at this time, row-major; may be kept, not written to
   */
  void observe(int index, float time, float[] latents);

  /** {@return an observer that does nothing} */
  static TrajectoryObserver none() {
    return (index, time, latents) -> {};
  }
}
