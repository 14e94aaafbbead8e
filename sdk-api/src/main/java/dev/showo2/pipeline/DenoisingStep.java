package dev.showo2.pipeline;

import dev.showo2.tensor.HostTensor;
import java.time.Duration;
import org.apiguardian.api.API;

/**
 * Progress of an image or video: a time point that a solver has reached.
 *
 * @param imageIndex index of the image within its request, from 0
 * @param index solver steps done: 0 for the noise itself, up to {@code total}
 * @param total solver steps in all, one fewer than the time points
 * @param time flow time reached, 0 (noise) … 1 (data)
 * @param elapsed time since the first step of this image began
 * @param latents [B, C, T, h, w] at this time; not to be written to
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record DenoisingStep(
    int imageIndex, int index, int total, float time, Duration elapsed, HostTensor latents) {

  /**
   * Estimates the time to the last step, at the average pace so far.
   *
   * @return zero before the first step
   */
  public Duration remaining() {
    return index == 0 ? Duration.ZERO : elapsed.multipliedBy(total - index).dividedBy(index);
  }
}
