package dev.showo2.pipeline;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/**
 * A story that was told.
 *
 * @param parts texts and images in their order; texts may be empty
 * @param finish why it ended
 * @param seed of the first image's noise; the others count on from it
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GeneratedStory(List<StoryPart> parts, Finish finish, long seed) {

  /** Why a story ended. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public enum Finish {
    /** The model ended it. */
    COMPLETE,
    /** The model wanted another image after the last one that it was allowed. */
    IMAGE_LIMIT,
    /** A text reached its limit, or a stop sequence, before an image or the end came. */
    TEXT_LIMIT
  }

  public GeneratedStory {
    parts = List.copyOf(parts);
    Objects.requireNonNull(finish, "finish");
  }

  /** The texts alone. */
  public List<String> texts() {
    return parts.stream()
        .flatMap(part -> part instanceof StoryPart.Text text ? Stream.of(text.text().text()) : null)
        .toList();
  }

  /** The images alone; none if the story never came to one. */
  public List<GeneratedImage> images() {
    return parts.stream()
        .flatMap(part -> part instanceof StoryPart.Image image ? Stream.of(image.image()) : null)
        .toList();
  }
}
