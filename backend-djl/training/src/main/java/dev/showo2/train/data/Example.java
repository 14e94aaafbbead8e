package dev.showo2.train.data;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;

/** The content of a row before it is tokens. Immutable; images are read when they are asked for. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface Example {

  /**
   * An image or video and what it shows: of prompts and captions.
   *
   * @param text prompt or caption
   * @param visual image or video
   */
  record Captioned(String text, ExampleMedia visual) implements Example {

    /**
     * Refuses null.
     *
     * @param text prompt or caption
     * @param visual image or video
     */
    public Captioned {
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(visual, "visual");
    }
  }

  /**
   * Questions and answers, with an image or video or without.
   *
   * @param turns in their order
   * @param visual of which a question asks where it contains {@code <image>} (or {@code <video>})
   */
  record Dialog(List<Turn> turns, Optional<ExampleMedia> visual) implements Example {

    /**
     * Copies the list.
     *
     * @param turns in their order
     * @param visual image or video
     */
    public Dialog {
      turns = List.copyOf(turns);
      Objects.requireNonNull(visual, "visual");
    }
  }

  /**
   * A turn of a conversation.
   *
   * @param question true of the user, false of the model
   * @param text said
   */
  record Turn(boolean question, String text) {

    /**
     * Refuses null.
     *
     * @param question true of the user, false of the model
     * @param text said
     */
    public Turn {
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A story: a text and the image that follows it, as often as there are images.
   *
   * @param captions as many as images
   * @param images in their order
   */
  record Illustrated(List<String> captions, List<ExampleMedia> images) implements Example {

    /**
     * Copies the lists.
     *
     * @param captions as many as images
     * @param images in their order
     */
    public Illustrated {
      captions = List.copyOf(captions);
      images = List.copyOf(images);
    }
  }
}
