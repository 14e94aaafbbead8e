package dev.showo2.pipeline;

import dev.showo2.media.PngText;
import dev.showo2.media.video.FrameSink;
import dev.showo2.media.video.FrameSource;
import dev.showo2.tensor.HostTensor;
import org.apiguardian.api.API;

/**
 * A video that the model made; its frames went to the {@link FrameSink}.
 *
 * @param frames number of frames
 * @param latents [1, C, T, h, w] that they were decoded from; not to be written to
 * @param seed seed of the noise, unless the request brought initial latents; {@link
 *     Long#toUnsignedString} gives it as the settings and torch show it
 * @param settings all that makes it again, as for an image, with the number of latent frames; an
 *     image that it started from is mentioned, not kept
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record GeneratedVideo(int frames, HostTensor latents, long seed, PngText settings) {

  /** The rate that released models are trained at, in frames per second. */
  public static final int FRAME_RATE = (int) FrameSource.DEFAULT_FRAME_RATE;
}
