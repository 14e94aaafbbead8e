package dev.showo2.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.text.TextFixtures;
import dev.showo2.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StopSequenceFilterTest {

  private static TextTokenizer tokenizer;

  @BeforeAll
  static void load() {
    tokenizer = TextFixtures.tokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void withoutStopSequencesEverythingIsShownAtOnce() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of());
    assertEquals(List.of("q", "x", ""), pieces(shown, bytes("qx")));
    assertFalse(shown.stopped());
    assertEquals("qx", shown.toString());
  }

  @Test
  void theTextEndsBeforeASequenceOfSeveralTokens() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("xyz"));
    assertEquals(List.of("q", "", "", "", ""), pieces(shown, bytes("qxyz")));
    assertTrue(shown.stopped());
    assertEquals("q", shown.toString());
  }

  @Test
  void aFalseStartOfAStopSequenceIsReturnedLater() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("xyz"));
    assertEquals(List.of("", "", "xyq", ""), pieces(shown, bytes("xyq")));
    assertFalse(shown.stopped());
    assertEquals(
        List.of("", "x", "", "xy"),
        pieces(new TextGenerator.StopSequenceFilter(tokenizer, List.of("xyz")), bytes("xxy")));
  }

  @Test
  void aSequenceMayBeginInsideItsOwnBeginning() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("xxy"));
    assertEquals(List.of("", "", "x", "", ""), pieces(shown, bytes("xxxy")));
    assertTrue(shown.stopped());
    assertEquals("x", shown.toString());
  }

  @Test
  void theFirstOfSeveralSequencesCounts() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("zq", "yz", "xyw"));
    assertEquals("x", String.join("", pieces(shown, bytes("xyzq"))));
    assertTrue(shown.stopped());
  }

  @Test
  void aTokenMayHoldTheSequenceAndMore() {
    int[] ids = tokenizer.encode(" triangle");
    assertEquals(1, ids.length);
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("ian"));
    assertEquals(List.of(" tr", ""), pieces(shown, ids));
    assertTrue(shown.stopped());
  }

  @Test
  void charactersAreNeverSplit() {
    // The two faces share their first three bytes and their first surrogate.
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("🙃"));
    assertEquals(List.of("", "", "", "🙂", "", "", "", "", ""), pieces(shown, bytes("🙂🙃")));
    assertTrue(shown.stopped());
    assertEquals("🙂", shown.toString());
  }

  @Test
  void bufferedTextIsReturnedAtTheEnd() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("xyz"));
    int firstByte = bytes("é")[0];
    assertEquals(List.of("", "", "", "xy\ufffd"), pieces(shown, concat(bytes("xy"), firstByte)));
    assertEquals("xy\ufffd", shown.toString());
  }

  @Test
  void nothingComesAfterTheEnd() {
    TextGenerator.StopSequenceFilter shown =
        new TextGenerator.StopSequenceFilter(tokenizer, List.of("x"));
    assertEquals("", shown.append(bytes("x")[0]));
    assertEquals("", shown.append(bytes("q")[0]));
    assertEquals("", shown.finish());
    assertEquals("", shown.toString());
  }

  /** Few letters make sequences that begin again and again. */
  @Test
  void piecesMakeTheTextBeforeTheSequence() {
    Random random = new Random(5);
    int stopped = 0;
    for (int round = 0; round < 3000; round++) {
      String text = random(random, 12);
      String stop = random(random, 4);
      TextGenerator.StopSequenceFilter shown =
          new TextGenerator.StopSequenceFilter(tokenizer, List.of(stop));
      List<String> pieces = pieces(shown, bytes(text));
      int at = text.indexOf(stop);
      String expected = at < 0 ? text : text.substring(0, at);
      assertEquals(expected, String.join("", pieces), text + " with " + stop);
      assertEquals(expected, shown.toString());
      assertEquals(at >= 0, shown.stopped());
      stopped += shown.stopped() ? 1 : 0;
    }
    assertTrue(stopped > 500 && stopped < 2500, stopped + " stopped");
  }

  private static String random(Random random, int most) {
    String[] letters = {"x", "y", "图", "🙂"};
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      text.append(letters[random.nextInt(letters.length)]);
    }
    return text.toString();
  }

  /** Ids of one byte or character each, as far as the vocabulary allows. */
  private static int[] bytes(String text) {
    return text.codePoints()
        .mapToObj(Character::toString)
        .flatMapToInt(letter -> Arrays.stream(tokenizer.encode(letter)))
        .toArray();
  }

  private static int[] concat(int[] ids, int id) {
    int[] all = Arrays.copyOf(ids, ids.length + 1);
    all[ids.length] = id;
    return all;
  }

  /** The piece of each token and the rest at the end; none after a stop sequence. */
  private static List<String> pieces(TextGenerator.StopSequenceFilter shown, int... ids) {
    List<String> pieces = new ArrayList<>();
    for (int id : ids) {
      if (!shown.stopped()) {
        pieces.add(shown.append(id));
      }
    }
    pieces.add(shown.finish());
    return pieces;
  }
}
