package dev.showo2.samples.demo;

import dev.showo2.ShowO2;
import dev.showo2.demo.world.Share;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Measures a model of the world of colored shapes: it draws for prompts, asks about images and
 * videos that the world draws, and tells stories, and counts what is right.
 */
public final class WorldEvaluation {

  /** Frames that a question about a video shows; the demo model was trained with as many. */
  static final int FRAMES = 8;

  /** Parts of a measurement. */
  public enum Section {
    /** Images for prompts. */
    IMAGES,
    /** Questions about images. */
    QUESTIONS,
    /** Several turns on an image, and on none. */
    CHATS,
    /** Videos for prompts, and for images and prompts. */
    VIDEOS,
    /** Questions about videos, in one turn and in several. */
    VIDEO_QUESTIONS,
    /** Stories in texts and images. */
    STORIES;

    /** {@return such as "video-questions"} */
    public String key() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * A line of the result.
   *
   * @param section it belongs to
   * @param name of what was to be right
   * @param share of the right ones
   */
  public record Line(Section section, String name, Share share) {}

  private WorldEvaluation() {}

  /**
   * Measures a model.
   *
   * @param model whose images have 64x64 pixels
   * @param sections that are measured
   * @param seed of prompts, images, questions and noise; the same for two models to be compared
   * @param count of examples of each kind, 1 or more
   * @param steps time points of images and videos
   * @param progress gets the number of examples done, up to {@link #work}, and may throw to end the
   *     work
   * @return the shares, in the order of the sections
   */
  public static List<Line> measure(
      ShowO2 model, Set<Section> sections, long seed, int count, int steps, LongConsumer progress) {
    EvaluationLines result = new EvaluationLines(progress);
    GenerationEvaluation made = new GenerationEvaluation(model, seed, count, steps, result);
    DialogEvaluation said = new DialogEvaluation(model, seed, count, result);
    for (Section section : Section.values()) {
      if (sections.contains(section)) {
        switch (section) {
          case IMAGES -> made.images();
          case QUESTIONS -> said.questions();
          case CHATS -> said.chats();
          case VIDEOS -> made.videos();
          case VIDEO_QUESTIONS -> said.videoQuestions();
          case STORIES -> made.stories();
        }
      }
    }
    return result.all();
  }

  /**
   * The number of examples of a measurement.
   *
   * @param sections that are measured
   * @param count of examples of each kind
   * @return what progress counts up to
   */
  public static long work(Set<Section> sections, int count) {
    long kinds = 0;
    for (Section section : sections) {
      kinds +=
          switch (section) {
            case IMAGES, QUESTIONS, STORIES -> 1;
            case CHATS, VIDEOS, VIDEO_QUESTIONS -> 2;
          };
    }
    return kinds * count;
  }
}
