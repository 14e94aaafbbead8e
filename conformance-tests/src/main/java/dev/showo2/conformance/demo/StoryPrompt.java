package dev.showo2.conformance.demo;

import java.util.List;
import org.apiguardian.api.API;

/**
 * A prompt for a story of two or three pictures.
 *
 * @param texts what should be said before each picture, without special tokens; the first begins
 *     with a space
 * @param pictures what each picture should show; it keeps what it does not change
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record StoryPrompt(
    String text, Language language, List<String> texts, List<Attributes> pictures) {

  public StoryPrompt {
    texts = List.copyOf(texts);
    pictures = List.copyOf(pictures);
    if (texts.size() != pictures.size()) {
      throw new IllegalArgumentException(
          texts.size() + " texts were found for " + pictures.size() + " pictures");
    }
  }
}
