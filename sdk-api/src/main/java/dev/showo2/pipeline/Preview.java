package dev.showo2.pipeline;

import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A rough look at an image or video before it is finished.
 *
 * @param imageIndex index of the image within its request, from 0
 * @param step solver steps done, as in {@link DenoisingStep#index}
 * @param frames 8-bit RGB, one for each latent frame, one pixel for each latent: an eighth of the
 *     final width and height; one frame for an image
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record Preview(int imageIndex, int step, List<BufferedImage> frames) {

  /**
   * Copies the list of frames.
   *
   * @param imageIndex index of the image within its request, from 0
   * @param step the step after which it was made
   * @param frames the frames as small images
   */
  public Preview {
    frames = List.copyOf(frames);
  }

  /** {@return the image, or the first frame of a video} */
  public BufferedImage image() {
    return frames.get(0);
  }
}
