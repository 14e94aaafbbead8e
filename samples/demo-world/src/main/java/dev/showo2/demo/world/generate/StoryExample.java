package dev.showo2.demo.world.generate;

import dev.showo2.demo.world.StoryGrammar.StoryPrompt;
import java.awt.image.BufferedImage;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A prompt and the story that it asks for: before each image a text.
 *
 * @param prompt with the texts and what the images show
 * @param scenes the images; what does not change keeps its pixels
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record StoryExample(StoryPrompt prompt, List<ShapeScene> scenes) {

  /**
   * Copies the list.
   *
   * @param prompt with the texts and what the images show
   * @param scenes as many as the prompt has images
   * @throws IllegalArgumentException if there are more or fewer
   */
  public StoryExample {
    scenes = List.copyOf(scenes);
    if (scenes.size() != prompt.images().size()) {
      throw new IllegalArgumentException(
          prompt.images().size() + " scenes were expected, found " + scenes.size());
    }
  }

  /**
   * Draws the images.
   *
   * @return as many as there are scenes
   */
  public List<BufferedImage> draw() {
    return scenes.stream().map(ShapeScene::draw).toList();
  }
}
