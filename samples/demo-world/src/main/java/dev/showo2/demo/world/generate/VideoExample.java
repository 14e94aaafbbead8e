package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.MotionGrammar.MotionPrompt;
import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A prompt and a video that shows what it asks for.
 *
 * @param prompt with what the video shows
 * @param frames of the video, in their order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record VideoExample(MotionPrompt prompt, List<ShapeScene> frames) {

  /** Frames of every video. */
  public static final int FRAMES = 9;

  /**
   * Copies the list.
   *
   * @param prompt with what the video shows
   * @param frames of the video
   */
  public VideoExample {
    frames = List.copyOf(frames);
  }

  /**
   * Draws the frames.
   *
   * @return {@link #FRAMES} images
   */
  public List<BufferedImage> draw() {
    return frames.stream().map(ShapeScene::draw).toList();
  }
}
