package dev.showo2.demo.world;

import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A question about a video.
 *
 * @param answer the true answer
 * @param shown what the video shows
 * @param clipSeed for {@link #frames()}
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record VideoQuestion(
    String question, String answer, Language language, Motion shown, long clipSeed) {

  /** {@return the video: nine clean frames of 64x64} */
  public List<BufferedImage> frames() {
    return Clip.framesThroughMiddle(shown, clipSeed);
  }
}
