package dev.showo2.sequence.internal;

import dev.showo2.model.SpecialTokens;
import dev.showo2.text.internal.ChatTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/** The sequences of all tasks (SPEC 8), in one place. Immutable and thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class SequenceLayout {

  /** The time of finished images while another one is made: that of data. */
  public static final float TIME_BESIDE_IMAGE = 1;

  /**
   * The time of finished images while text is made: that of noise, a quirk of the released script
   * that is kept.
   */
  public static final float TIME_BEFORE_TEXT = 0;

  private static final float FINISHED = 1;

  private final SpecialTokens tokens;
  private final ChatTemplate template;

  /**
   * @param tokens ids that structure the sequences
   * @param template fixed texts around a question
   */
  public SequenceLayout(SpecialTokens tokens, ChatTemplate template) {
    this.tokens = Objects.requireNonNull(tokens, "tokens");
    this.template = Objects.requireNonNull(template, "template");
  }

  /**
   * What comes before an image that is to be made: bos, prompt, boi. It does not depend on time, so
   * its keys and values serve all denoising steps. What would follow the image cannot influence it
   * and is left out.
   *
   * @param prompt token ids; empty for the unconditional branch
   */
  public Segment imagePrefix(int[] prompt) {
    return Segment.causal(new Part.Text(framed(tokens.bos(), prompt, tokens.boi())));
  }

  /**
   * What comes before a video that is to be made: bos, prompt, bov.
   *
   * @param prompt token ids; empty for the unconditional branch
   */
  public Segment videoPrefix(int[] prompt) {
    return Segment.causal(new Part.Text(framed(tokens.bos(), prompt, tokens.bov())));
  }

  /**
   * What a story begins with, before the model goes on in text: bos, prompt.
   *
   * @param prompt token ids
   */
  public Segment storyPrefix(int[] prompt) {
    return Segment.causal(new Part.Text(joined(new int[] {tokens.bos()}, prompt)));
  }

  /**
   * The span of a finished image of a story, which boi comes before and eoi after.
   *
   * @param time at which the image stands: {@link #TIME_BESIDE_IMAGE} or {@link #TIME_BEFORE_TEXT}
   * @param visual which of the visuals that go with the sequence
   * @param imageTokens L, at least 1
   */
  public Segment finishedImage(float time, int visual, int imageTokens) {
    return Segment.full(new Part.Time(time), new Part.Visual(visual, imageTokens));
  }

  /**
   * A question on an image. The span of full attention starts at the first image token and has one
   * position more than there are image tokens, so it takes in eoi and leaves the time token causal:
   * a quirk of the released script that the released weights are used with.
   *
   * @param imageTokens L, at least 1
   * @param question token ids
   */
  public List<Segment> imageUnderstanding(int imageTokens, int[] question) {
    return turn(opening(), List.of(VisualTokens.image(imageTokens)), question);
  }

  /**
   * A question on a video. Its span is as long as that of one image, whatever the number of frame
   * tokens: with more of them the later frames are causal, with fewer it runs on over eoi into the
   * question. Also a quirk of the released script.
   *
   * @param frames at least 1; each is a visual of its own
   * @param frameTokens of each frame, at least 1
   * @param imageTokens L, of one image
   * @param question token ids
   */
  public List<Segment> videoUnderstanding(
      int frames, int frameTokens, int imageTokens, int[] question) {
    return turn(opening(), List.of(VisualTokens.video(frames, frameTokens, imageTokens)), question);
  }

  /** How a conversation begins: bos, what the system says, and the beginning of a user's turn. */
  public int[] opening() {
    return joined(new int[] {tokens.bos()}, template.system(), template.user());
  }

  /** What stands between an answer and the next question: eos and the beginning of a turn. */
  public int[] closing() {
    return joined(new int[] {tokens.eos()}, template.user());
  }

  /**
   * A user's turn up to where the model's answer begins: text, then each image or video as boi,
   * time token, its tokens and eoi, then the question. A span ends at the latest before the next
   * image or video.
   *
   * @param before token ids in front of the turn: {@link #opening}, or for later turns what is
   *     missing of the last answer and {@link #closing}
   * @param visuals what the question is about, in order; may be empty
   * @param question token ids
   */
  public List<Segment> turn(int[] before, List<VisualTokens> visuals, int[] question) {
    Segment.Cutter sequence = new Segment.Cutter();
    int[] text = before;
    int index = 0;
    for (VisualTokens visual : visuals) {
      sequence.text(text).endSpan().text(tokens.boi()).time(FINISHED).beginSpan(visual.span());
      for (int piece = 0; piece < visual.pieces(); piece++) {
        sequence.visual(index++, visual.pieceLength());
      }
      text = new int[] {tokens.eoi()};
    }
    return sequence.text(text).text(question).text(template.assistant()).segments();
  }

  /**
   * The row that the reference code makes for text to image: bos, prompt, boi, image, eoi, eos, and
   * pads up to {@code maxPromptTokens} more than an empty prompt would need.
   *
   * @param prompt token ids; longer ones are cut
   * @param spanLength time token and image tokens, L+1
   * @param maxPromptTokens at least 0
   * @throws IllegalArgumentException if there is no room for an image, or a negative one for text
   */
  public TokenRow textToImageRow(int[] prompt, int spanLength, int maxPromptTokens) {
    if (spanLength < 2 || maxPromptTokens < 0) {
      throw new IllegalArgumentException(
          "a span has at least 2 positions and a prompt at least 0, got "
              + spanLength
              + " and "
              + maxPromptTokens);
    }
    int[] kept = Arrays.copyOf(prompt, Math.min(prompt.length, maxPromptTokens));
    int[] ids = new int[maxPromptTokens + spanLength + 4];
    Arrays.fill(ids, tokens.pad());
    int[] start = framed(tokens.bos(), kept, tokens.boi());
    System.arraycopy(start, 0, ids, 0, start.length);
    int end = start.length + spanLength;
    Arrays.fill(ids, start.length, end, tokens.imagePad());
    ids[end] = tokens.eoi();
    ids[end + 1] = tokens.eos();
    return new TokenRow(ids, start.length, spanLength);
  }

  private static int[] framed(int first, int[] ids, int last) {
    return joined(new int[] {first}, ids, new int[] {last});
  }

  private static int[] joined(int[]... pieces) {
    return Arrays.stream(pieces).flatMapToInt(Arrays::stream).toArray();
  }
}
