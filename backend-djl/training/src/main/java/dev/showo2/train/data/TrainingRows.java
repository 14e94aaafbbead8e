package dev.showo2.train.data;

import dev.showo2.model.SpecialTokens;
import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.ChatTemplate;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Makes rows of texts, token for token as the official dataset classes do (SPEC 10). Immutable and
 * thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingRows {

  /** The official first words of interleaved rows, which have no labels. */
  static final String STORY = "Mixed-modality generation (VIST).";

  /** Least positions of a row beside its image. */
  static final int LEAST_BESIDE_IMAGE = 5;

  private static final String IMAGE = "<image>";
  private static final String IMAGE_AT_END = "\n" + IMAGE;

  /** Longest question and longest answer, in tokens. */
  private static final int LONGEST_TURN = 512;

  /** Removed from prompts, one after the other; an earlier removal may complete a later phrase. */
  private static final List<String> OPENINGS =
      List.of(
          "The image features ",
          "The image presents ",
          "The image you've sent is, ",
          "In the center of the image, ",
          "The image showcases ",
          "The image is ",
          "The image captures ",
          "In the given image ",
          "The image portrays ",
          "In the image, ",
          "In this image, we see ",
          "The image depicts ",
          "This is ",
          "In this image, ",
          "This image captures ",
          "This image showcases ",
          "This suggests ",
          "In the photo, we see ",
          "This is ",
          "This image is ",
          "In the photo, we have ",
          "The photo features ",
          "The photo depicts ",
          "The photo appears to be ");

  private final TextTokenizer tokenizer;
  private final SpecialTokens special;
  private final ChatTemplate template;
  private final int imageToken;
  private final int length;
  private final int spanLength;
  private final RowTokens.Visual visual;

  private TrainingRows(
      TextTokenizer tokenizer, int length, int spanLength, RowTokens.Visual visual) {
    if (spanLength < 2 || length < spanLength + LEAST_BESIDE_IMAGE) {
      throw new IllegalArgumentException(
          "a row needs an image of at least 2 positions and 5 more, found a row of "
              + length
              + " and an image of "
              + spanLength);
    }
    this.tokenizer = tokenizer;
    this.special = tokenizer.specialTokens();
    this.template = new ChatTemplate(tokenizer);
    this.imageToken = tokenizer.id(IMAGE);
    this.length = length;
    this.spanLength = spanLength;
    this.visual = visual;
  }

  /**
   * Makes rows with images.
   *
   * @param tokenizer of the model, which stays open as long as rows are made
   * @param length S, to which rows are padded and cut
   * @param spanLength L + 1: the time token and the image tokens
   * @return the maker of rows
   * @throws IllegalArgumentException if a row has no room for an image and text
   */
  public static TrainingRows ofImages(TextTokenizer tokenizer, int length, int spanLength) {
    return new TrainingRows(tokenizer, length, spanLength, RowTokens.Visual.IMAGE);
  }

  /**
   * Makes rows with videos: the same with other tokens around and in the place of the video.
   *
   * @param tokenizer of the model, which stays open as long as rows are made
   * @param length S, to which rows are padded and cut
   * @param spanLength L + 1: the time token and the tokens of all latent frames
   * @return the maker of rows
   * @throws IllegalArgumentException if a row has no room for a video and text
   */
  public static TrainingRows ofVideos(TextTokenizer tokenizer, int length, int spanLength) {
    return new TrainingRows(tokenizer, length, spanLength, RowTokens.Visual.CLIP);
  }

  /**
   * Makes rows with frames of videos as video understanding asks about them: the same as with an
   * image, whose tokens are those of all frames.
   *
   * @param tokenizer of the model, which stays open as long as rows are made
   * @param length S, to which rows are padded and cut
   * @param spanLength 1 + the tokens of all frames, which are resized
   * @return the maker of rows
   * @throws IllegalArgumentException if a row has no room for the frames and text
   */
  public static TrainingRows ofFrames(TextTokenizer tokenizer, int length, int spanLength) {
    return new TrainingRows(tokenizer, length, spanLength, RowTokens.Visual.FRAMES);
  }

  /**
   * Makes a row of an image or video to draw: bos text boi image eoi eos, without labels.
   *
   * @param prompt whose newlines and opening phrases are removed
   * @param dropped true for an empty prompt in its place
   * @return the row
   */
  public FormattedRow generation(String prompt, boolean dropped) {
    int[] whole = tokenizer.encode(dropped ? "" : withoutOpenings(prompt.replace("\n", "")));
    int[] text = cut(whole, length - spanLength - 4);
    RowTokens row = new RowTokens(special, visual, length);
    row.unlabeled(special.bos()).unlabeled(text);
    row.image(spanLength, false).unlabeled(special.eos());
    return row.formatted(0, text.length < whole.length, 1);
  }

  /**
   * Makes a row of an image or video and its caption: bos boi image eoi text eos, with labels on
   * all but the image.
   *
   * @param caption whose newlines are removed
   * @return the row, whose image is clean
   */
  public FormattedRow caption(String caption) {
    int[] whole = tokenizer.encode(caption.replace("\n", ""));
    int[] text = cut(whole, length - spanLength - 4);
    RowTokens row = new RowTokens(special, visual, length);
    row.labeled(special.bos()).caption(spanLength).labeled(text).labeled(special.eos());
    return row.formatted(1, text.length < whole.length, 1);
  }

  /** Makes a row of an image alone: its time and image tokens, without labels. */
  FormattedRow image() {
    int[] tokens = new int[spanLength];
    int[] labels = new int[spanLength];
    boolean[] mask = new boolean[spanLength];
    Arrays.fill(tokens, special.imagePad());
    Arrays.fill(labels, TrainingBatch.NO_LABEL);
    Arrays.fill(mask, true);
    Span span = new Span(0, spanLength);
    return new FormattedRow(new TrainingBatch.Row(tokens, labels, mask, List.of(span)), 0, false);
  }

  /**
   * Makes a row of questions and answers. Questions without an answer are left out. The first
   * {@code <image>} of a question becomes an image.
   *
   * @param turns questions and answers in their order
   * @param stage says how they are laid out
   * @return the row, whose image is clean; with {@link Span#NONE} if no question has an image
   * @throws BadExampleException if an image would be located beyond the end of the row, or there is
   *     more than one
   */
  public FormattedRow conversation(List<Example.Turn> turns, ConversationStage stage) {
    List<int[]> questions = new ArrayList<>();
    List<int[]> answers = new ArrayList<>();
    boolean cut = false;
    for (Example.Turn turn : turns) {
      int[] whole =
          tokenizer.encode(turn.question() ? question(turn.text(), stage) : answer(turn.text()));
      (turn.question() ? questions : answers).add(cut(whole, LONGEST_TURN));
      cut |= whole.length > LONGEST_TURN;
    }
    RowTokens row = new RowTokens(special, visual, length);
    row.unlabeled(special.bos());
    for (int i = 0; i < Math.min(questions.size(), answers.size()); i++) {
      if (stage.templated()) {
        row.unlabeled(i == 0 ? template.system() : new int[0]).unlabeled(template.user());
      }
      question(row, questions.get(i));
      if (stage.templated()) {
        row.unlabeled(special.eos()).unlabeled(template.assistant());
      }
      row.labeled(answers.get(i));
    }
    if (row.images() > 1) {
      throw new BadExampleException(
          ExampleProblem.IMAGE_MISMATCH,
          "expected one image in a conversation, found " + IMAGE + " in " + row.images());
    }
    return row.formatted(1, cut, 1);
  }

  /**
   * Makes a row of texts and images in turn; labels on all but the first words, which are the same
   * in all rows. No image is clean; see {@link FormattedRow#withCleanSpans}.
   *
   * @param captions one before each image, at least one
   * @param mostImages to which the spans are filled up with {@link Span#NONE}
   * @return the row
   * @throws BadExampleException if there are no captions or more than images fit
   * @throws IllegalArgumentException if so many images and a text before each do not fit
   */
  public FormattedRow interleaved(List<String> captions, int mostImages) {
    return interleaved(STORY, captions, mostImages);
  }

  /**
   * Makes a row as {@link #interleaved(List, int)} does, with other first words. At inference a
   * story begins with its prompt alone.
   *
   * @param opening first words of the row, which have no labels; may be empty
   * @param captions one before each image, at least one
   * @param mostImages to which the spans are filled up with {@link Span#NONE}
   * @return the row
   * @throws BadExampleException if there are no captions or more than images fit
   * @throws IllegalArgumentException if so many images and a text before each do not fit
   */
  public FormattedRow interleaved(String opening, List<String> captions, int mostImages) {
    int[] story = tokenizer.encode(opening);
    int longest = (length - story.length - (spanLength + 2) * mostImages - 2) / mostImages;
    if (longest < 1) {
      throw new IllegalArgumentException(
          mostImages
              + " images of "
              + spanLength
              + " positions and texts do not fit into a row of "
              + length
              + "; lengthen the rows or take fewer images");
    }
    if (captions.isEmpty() || captions.size() > mostImages) {
      throw new BadExampleException(
          ExampleProblem.IMAGE_MISMATCH,
          "expected 1 to " + mostImages + " images with a text each, found " + captions.size());
    }
    RowTokens row = new RowTokens(special, visual, length);
    row.labeled(special.bos()).unlabeled(story);
    boolean cut = false;
    for (String caption : captions) {
      int[] whole = tokenizer.encode(caption);
      row.labeled(cut(whole, longest)).image(spanLength, true);
      cut |= whole.length > longest;
    }
    return row.labeled(special.eos()).formatted(0, cut, mostImages);
  }

  /** Everything in a question is unlabeled, also a placeholder that remains after the first. */
  private void question(RowTokens row, int[] tokens) {
    int at = 0;
    while (at < tokens.length && tokens[at] != imageToken) {
      at++;
    }
    row.unlabeled(Arrays.copyOf(tokens, at));
    if (at < tokens.length) {
      row.image(spanLength, false).unlabeled(Arrays.copyOfRange(tokens, at + 1, tokens.length));
    }
  }

  private static String question(String text, ConversationStage stage) {
    String question =
        text.endsWith(IMAGE_AT_END)
            ? IMAGE + "\n" + text.substring(0, text.length() - IMAGE_AT_END.length())
            : text;
    return !stage.templated() && question.contains(IMAGE) ? IMAGE : question;
  }

  /** The end of the turn is part of the text, so that a cut loses it. */
  private static String answer(String text) {
    return text + "<|im_end|>";
  }

  private static String withoutOpenings(String prompt) {
    String text = prompt;
    for (String opening : OPENINGS) {
      text = text.replace(opening, "");
    }
    return text;
  }

  private static int[] cut(int[] tokens, int longest) {
    return tokens.length > longest ? Arrays.copyOf(tokens, longest) : tokens;
  }
}
