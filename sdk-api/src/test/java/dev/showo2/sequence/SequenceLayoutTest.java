package dev.showo2.sequence;

import static dev.showo2.fake.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.showo2.fake.FakeBundle;
import dev.showo2.stage.Attention;
import dev.showo2.text.ChatTemplate;
import dev.showo2.text.TextFixtures;
import dev.showo2.text.TextTokenizer;
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
  void theSpanOfAQuestionStartsAtTheFirstImageTokenAndTakesInEoi() {
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
  void promptsStandBetweenBosAndTheStartOfTheVisual() {
    assertEquals(
        Segment.causal(new Part.Text(491, 11, 12, 13, 499)), layout.beforeGeneratedImage(PROMPT));
    assertEquals(
        Segment.causal(new Part.Text(491, 11, 12, 13, 506)), layout.beforeGeneratedVideo(PROMPT));
    assertEquals(Segment.causal(new Part.Text(491, 499)), layout.beforeGeneratedImage(new int[0]));
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

  private static int[] appended(int[] ids, int id) {
    return IntStream.concat(IntStream.of(ids), IntStream.of(id)).toArray();
  }
}
