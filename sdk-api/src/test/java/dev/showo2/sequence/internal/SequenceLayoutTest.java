package dev.showo2.sequence.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.showo2.stage.Attention;
import dev.showo2.testing.FakeBundle;
import dev.showo2.text.TextFixtures;
import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.ChatTemplate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Layouts of SPEC 8; 491 is bos, 492 eos, 499 boi, 500 eoi, 502 the image pad, 504 the pad. */
class SequenceLayoutTest {

  private static final int[] PROMPT = {11, 12, 13};

  private static TextTokenizer tokenizer;
  private static SequenceLayout layout;

  @BeforeAll
  static void load() {
    tokenizer = TextFixtures.tokenizer();
    layout = new SequenceLayout(FakeBundle.tokens(), new ChatTemplate(tokenizer));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void questionsOnImagesEqualTheGoldens() {
    List<JsonObject> goldens =
        TextFixtures.understanding().stream().filter(golden -> golden.has("question")).toList();
    assertEquals(6, goldens.size());
    for (JsonObject golden : goldens) {
      int[] question = tokenizer.encode(golden.get("question").getAsString());
      List<Segment> segments = layout.imageUnderstanding(16, question);
      int[] prefix = TextFixtures.ints(golden.get("prefix_ids"));
      int[] suffix = TextFixtures.ints(golden.get("suffix_ids"));
      // The goldens' prefix ends before boi; their suffix is boi, eoi and what follows.
      assertEquals(
          List.of(
              Segment.causal(new Part.Text(appended(prefix, suffix[0])), new Part.Time(1)),
              Segment.full(new Part.Visual(0, 16), new Part.Text(suffix[1])),
              Segment.causal(new Part.Text(Arrays.copyOfRange(suffix, 2, suffix.length)))),
          segments);
    }
  }

  @Test
  void theSpanOfAQuestionStartsAtTheFirstImageTokenAndIncludesEoi() {
    List<Segment> segments = layout.imageUnderstanding(16, new int[] {5});
    int firstImageToken = segments.get(0).length();
    int[] before = ((Part.Text) segments.get(0).parts().get(0)).ids();
    assertEquals(before.length + 1, firstImageToken);
    assertEquals(499, before[before.length - 1]);
    assertEquals(Attention.CAUSAL, segments.get(0).attention());
    assertEquals(Attention.FULL, segments.get(1).attention());
    assertEquals(17, segments.get(1).length());
    assertEquals(new Part.Text(500), segments.get(1).parts().get(1));
    assertEquals(Attention.CAUSAL, segments.get(2).attention());
  }

  @Test
  void anEmptyQuestionLeavesTheTurnOfTheModel() {
    int[] assistant = new ChatTemplate(tokenizer).assistant();
    assertEquals(
        Segment.causal(new Part.Text(assistant)), layout.imageUnderstanding(4, new int[0]).get(2));
  }

  @Test
  void moreFrameTokensThanAnImageHasAreCausalBeyondItsSpan() {
    List<Segment> segments = layout.videoUnderstanding(8, 4, 17, PROMPT);
    assertEquals(
        List.of(
            Segment.causal(new Part.Text(appended(layout.opening(), 499)), new Part.Time(1)),
            Segment.full(
                new Part.Visual(0, 4),
                new Part.Visual(1, 4),
                new Part.Visual(2, 4),
                new Part.Visual(3, 4),
                new Part.Visual(4, 0, 2)),
            Segment.causal(
                new Part.Visual(4, 2, 2),
                new Part.Visual(5, 4),
                new Part.Visual(6, 4),
                new Part.Visual(7, 4),
                new Part.Text(joined(new int[] {500}, PROMPT, template().assistant())))),
        segments);
  }

  @Test
  void theSpanOfAVideoMayEndBetweenFrames() {
    List<Segment> segments = layout.videoUnderstanding(3, 4, 7, PROMPT);
    assertEquals(Segment.full(new Part.Visual(0, 4), new Part.Visual(1, 4)), segments.get(1));
    assertEquals(new Part.Visual(2, 4), segments.get(2).parts().get(0));
  }

  @Test
  void theSpanOfAShortVideoRunsOnIntoTheQuestion() {
    List<Segment> segments = layout.videoUnderstanding(3, 4, 14, PROMPT);
    assertEquals(3, segments.size());
    assertEquals(
        Segment.full(
            new Part.Visual(0, 4),
            new Part.Visual(1, 4),
            new Part.Visual(2, 4),
            new Part.Text(500, 11, 12)),
        segments.get(1));
    assertEquals(
        Segment.causal(new Part.Text(joined(new int[] {13}, template().assistant()))),
        segments.get(2));
  }

  @Test
  void theSpanOfAShortVideoEndsWithTheTurn() {
    List<Segment> segments = layout.videoUnderstanding(1, 2, 100, PROMPT);
    assertEquals(2, segments.size());
    assertEquals(
        Segment.full(
            new Part.Visual(0, 2),
            new Part.Text(joined(new int[] {500}, PROMPT, template().assistant()))),
        segments.get(1));
  }

  @Test
  void eachOfSeveralImagesHasItsOwnSpan() {
    List<Segment> segments =
        layout.turn(
            layout.opening(), List.of(VisualTokens.image(4), VisualTokens.image(4)), PROMPT);
    assertEquals(
        List.of(
            Segment.causal(new Part.Text(appended(layout.opening(), 499)), new Part.Time(1)),
            Segment.full(new Part.Visual(0, 4), new Part.Text(500)),
            Segment.causal(new Part.Text(499), new Part.Time(1)),
            Segment.full(new Part.Visual(1, 4), new Part.Text(500)),
            Segment.causal(new Part.Text(joined(PROMPT, template().assistant())))),
        segments);
  }

  @Test
  void theSpanOfAShortVideoEndsBeforeTheNextImage() {
    List<Segment> segments =
        layout.turn(
            layout.opening(), List.of(VisualTokens.video(2, 2, 20), VisualTokens.image(4)), PROMPT);
    assertEquals(
        Segment.full(new Part.Visual(0, 2), new Part.Visual(1, 2), new Part.Text(500)),
        segments.get(1));
    assertEquals(Segment.causal(new Part.Text(499), new Part.Time(1)), segments.get(2));
    assertEquals(Segment.full(new Part.Visual(2, 4), new Part.Text(500)), segments.get(3));
  }

  @Test
  void laterTurnsBeginWhereTheAnswerEnded() {
    int[] user = template().user();
    assertArrayEquals(joined(new int[] {492}, user), layout.closing());
    assertEquals(
        List.of(
            Segment.causal(
                new Part.Text(joined(layout.closing(), PROMPT, template().assistant())))),
        layout.turn(layout.closing(), List.of(), PROMPT));
  }

  @Test
  void theSystemMaySaySomethingElse() {
    SequenceLayout other =
        new SequenceLayout(FakeBundle.tokens(), new ChatTemplate(tokenizer, "Be brief."));
    assertArrayEquals(
        joined(
            new int[] {491},
            tokenizer.encode("system\nBe brief.<|im_end|>"),
            tokenizer.encode("\n<|im_start|>user\n")),
        other.opening());
  }

  @Test
  void promptsStandBetweenBosAndTheStartOfTheVisual() {
    assertEquals(Segment.causal(new Part.Text(491, 11, 12, 13, 499)), layout.imagePrefix(PROMPT));
    assertEquals(Segment.causal(new Part.Text(491, 11, 12, 13, 506)), layout.videoPrefix(PROMPT));
    assertEquals(Segment.causal(new Part.Text(491, 499)), layout.imagePrefix(new int[0]));
  }

  @Test
  void rowsArePaddedToTheLongestPrompt() {
    TokenRow row = layout.textToImageRow(PROMPT, 5, 4);
    assertArrayEquals(
        new int[] {491, 11, 12, 13, 499, 502, 502, 502, 502, 502, 500, 492, 504}, row.ids());
    assertEquals(PROMPT.length + 2, row.spanOffset());
    assertEquals(5, row.spanLength());
  }

  @Test
  void rowsOfTheEmptyPromptHaveTheirSpanAtTwo() {
    TokenRow row = layout.textToImageRow(new int[0], 5, 2);
    assertEquals(
        new TokenRow(new int[] {491, 499, 502, 502, 502, 502, 502, 500, 492, 504, 504}, 2, 5), row);
  }

  @Test
  void rowsCutLongPrompts() {
    TokenRow row = layout.textToImageRow(PROMPT, 5, 2);
    assertEquals(
        new TokenRow(new int[] {491, 11, 12, 499, 502, 502, 502, 502, 502, 500, 492}, 4, 5), row);
    assertEquals(2, layout.textToImageRow(PROMPT, 5, 0).spanOffset());
  }

  @Test
  void rowsOfTheReleasedSettingsHaveTheirLength() {
    assertEquals(1024, layout.textToImageRow(PROMPT, 27 * 27 + 1, 290).ids().length);
  }

  @Test
  void refusesRowsWithoutAnImage() {
    assertFails(
        IllegalArgumentException.class, () -> layout.textToImageRow(PROMPT, 1, 4), "got 1 and 4");
    assertFails(
        IllegalArgumentException.class, () -> layout.textToImageRow(PROMPT, 5, -1), "got 5 and -1");
  }

  private static ChatTemplate template() {
    return new ChatTemplate(tokenizer);
  }

  private static int[] joined(int[]... pieces) {
    return Arrays.stream(pieces).flatMapToInt(Arrays::stream).toArray();
  }

  private static int[] appended(int[] ids, int id) {
    return IntStream.concat(IntStream.of(ids), IntStream.of(id)).toArray();
  }
}
