package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.WorldQuestion;
import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Questions and answers in turn, on an image, a video or nothing.
 *
 * @param seen one scene, the frames of a video, or nothing
 * @param turns at least one
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record ChatExample(List<ShapeScene> seen, List<WorldQuestion> turns) {

  /**
   * Copies the lists.
   *
   * @param seen one scene, the frames of a video, or nothing
   * @param turns at least one
   */
  public ChatExample {
    seen = List.copyOf(seen);
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("a chat needs at least one turn");
    }
  }

  /**
   * Draws what the chat is about.
   *
   * @return as many images as there are scenes
   */
  public List<BufferedImage> draw() {
    return seen.stream().map(ShapeScene::draw).toList();
  }
}
