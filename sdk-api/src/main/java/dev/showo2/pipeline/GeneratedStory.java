package dev.showo2.pipeline;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * A story that the model told.
 *
 * @param parts texts and images in their order, as an immutable list; texts may be empty
 * @param finish why it ended
 * @param seed seed of the first image's noise; those of the others count on from it
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record GeneratedStory(List<StoryPart> parts, Finish finish, long seed) {

  /** Reason for which a story ended. */
  @API(status = API.Status.MAINTAINED, since = "0.1")
  public enum Finish {
    /** The model ended it. */
    COMPLETE,
    /** The model began another image after the most that the request allows. */
    IMAGE_LIMIT,
    /** A text reached its limit, or a stop sequence, before an image or the end came. */
    TEXT_LIMIT
  }

  /**
   * Copies the list of parts.
   *
   * @param parts texts and images in turn
   * @param finish the reason why the story ended
   * @param seed the seed of the first image
   */
  public GeneratedStory {
    parts = List.copyOf(parts);
    Objects.requireNonNull(finish, "finish");
  }

  /** {@return the texts alone, in their order} */
  public List<String> texts() {
    return parts.stream()
        .flatMap(part -> part instanceof StoryPart.Text text ? Stream.of(text.text().text()) : null)
        .toList();
  }

  /** {@return the images alone, in their order; may be empty} */
  public List<GeneratedImage> images() {
    return parts.stream()
        .flatMap(part -> part instanceof StoryPart.Image image ? Stream.of(image.image()) : null)
        .toList();
  }
}
