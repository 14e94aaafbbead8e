package dev.showo2.pipeline;

import dev.showo2.tensor.HostTensor;
import java.time.Duration;
import org.apiguardian.api.API;

/**
 * An image or video on its way.
 *
 * @param imageIndex which image of the request, from 0
 * @param index 0 for the noise itself, up to {@code total}
 * @param total steps that there will be
 * @param time flow time reached, 0 … 1
 * @param elapsed since the first step of this image began
 * @param latents [B, C, T, h, w] at this time; not to be written to
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record DenoisingStep(
    int imageIndex, int index, int total, float time, Duration elapsed, HostTensor latents) {

  /** What the remaining steps will take if they take as long as those before; zero at the start. */
  public Duration remaining() {
    return index == 0 ? Duration.ZERO : elapsed.multipliedBy(total - index).dividedBy(index);
  }
}
