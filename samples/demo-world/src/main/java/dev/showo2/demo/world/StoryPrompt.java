package dev.showo2.demo.world;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A prompt for a story of two or three images.
 *
 * @param texts what should be said before each image, without special tokens; the first begins with
 *     a space
 * @param images what each image should show; it keeps what it does not change
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StoryPrompt(
    String text, Language language, List<String> texts, List<Attributes> images) {

  /**
   * Validates the components.
   *
   * @param texts what should be said before each image, without special tokens; the first begins
   *     with a space
   * @param images what each image should show; it keeps what it does not change
   * @param text the prompt
   * @param language the language of the prompt
   */
  public StoryPrompt {
    texts = List.copyOf(texts);
    images = List.copyOf(images);
    if (texts.size() != images.size()) {
      throw new IllegalArgumentException(
          texts.size() + " texts were found for " + images.size() + " images");
    }
  }
}
