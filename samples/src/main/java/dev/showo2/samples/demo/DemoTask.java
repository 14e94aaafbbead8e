package dev.showo2.samples.demo;

import dev.showo2.model.Architecture;
import dev.showo2.samples.demo.WorldExamples.Part;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.data.LoaderMixing;
import dev.showo2.train.data.RowKind;
import dev.showo2.train.data.RowLoader;
import dev.showo2.train.data.TrainingData;
import java.util.List;
import java.util.Locale;

/**
 * The tasks that the demo model is trained on. A step is of one task, whose rows stand side by
 * side. All rows are as inference has them.
 */
public enum DemoTask {
  /** Images for prompts, and questions about images. */
  IMAGES(
      6,
      new Rows(Part.DRAWINGS, RowKind.TEXT_TO_IMAGE, 16),
      new Rows(Part.QUESTIONS, RowKind.CONVERSATION, 12)),
  /** Chats of several turns on an image, and on none. */
  CHATS(
      1,
      new Rows(Part.IMAGE_CHATS, RowKind.CONVERSATION, 6),
      new Rows(Part.SMALL_TALK, RowKind.CONVERSATION, 3)),
  /** Stories of two or three images. */
  STORIES(1, new Rows(Part.STORIES, RowKind.INTERLEAVED, 6)),
  /** Videos for prompts, and for a first frame and a prompt. */
  VIDEOS(
      1,
      new Rows(Part.VIDEOS, RowKind.TEXT_TO_VIDEO, 4),
      new Rows(Part.ANIMATIONS, RowKind.IMAGE_TO_VIDEO, 4)),
  /** Questions about videos, in one turn and in several. */
  VIDEO_QUESTIONS(
      1,
      new Rows(Part.VIDEO_QUESTIONS, RowKind.VIDEO_CONVERSATION, 4),
      new Rows(Part.VIDEO_CHATS, RowKind.VIDEO_CONVERSATION, 4));

  /** Examples of a pass: fourteen images of each of 880 combinations of attributes. */
  private static final long PASS = 12_320;

  /** Tokens of the longest row, and some more; padding is not computed. */
  private static final int LENGTH = 320;

  private static final int MOST_IMAGES = 3;

  /** Frames of a video to make, and those that a question shows. */
  private static final int FRAMES = 9;

  private static final int ASKED_FRAMES = WorldEvaluation.FRAMES;

  private final int weight;
  private final List<Rows> rows;

  DemoTask(int weight, Rows... rows) {
    this.weight = weight;
    this.rows = List.of(rows);
  }

  /** Rows of one part of the world in a step. */
  private record Rows(Part part, RowKind kind, int count) {

    RowLoader loader(long seed, long pass) {
      RowLoader.Builder loader =
          RowLoader.builder(new WorldExamples(seed, part, pass), kind)
              .name(part.key())
              .rows(count)
              .length(LENGTH)
              .mostImages(MOST_IMAGES)
              .frameRate(WorldExamples.FRAME_RATE)
              .storyOpening("")
              .unusedSlots(true);
      if (kind.video()) {
        loader.frames(kind == RowKind.VIDEO_CONVERSATION ? ASKED_FRAMES : FRAMES);
      }
      return loader.build();
    }
  }

  /**
   * Returns how often the task is trained, compared with others.
   *
   * @return steps of as many as all weights are
   */
  public int weight() {
    return weight;
  }

  /**
   * Returns the name of the task on the command line.
   *
   * @return such as "video-questions"
   */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Rows of the task, from a world of this seed. */
  TrainingData data(long seed, TextTokenizer tokenizer, Architecture architecture) {
    return data(seed, PASS, tokenizer, architecture);
  }

  /**
   * @param pass number of examples of each part
   */
  TrainingData data(long seed, long pass, TextTokenizer tokenizer, Architecture architecture) {
    TrainingData.Builder data =
        TrainingData.builder(tokenizer, architecture).seed(seed).mixing(LoaderMixing.SIDE_BY_SIDE);
    rows.forEach(each -> data.add(each.loader(seed, pass)));
    return data.build();
  }
}
