package dev.showo2.text.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import dev.showo2.text.TextFixtures;
import dev.showo2.text.TextTokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TextStreamTest {

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
  void emojiOfFourTokensIsOnePiece() {
    assertEquals(List.of("", "", "", "🙂"), pieces(tokenizer.encode("🙂")));
  }

  @Test
  void chineseCharactersAreNotDivided() {
    assertEquals(List.of("", "", "你", "", "", "界"), pieces(tokenizer.encode("你界")));
  }

  @Test
  void textBeforeAnUnfinishedCharacterIsNotHeldBack() {
    TextStream stream = new TextStream(tokenizer);
    assertEquals("a", stream.append(64));
    assertEquals("", stream.append(172));
    assertEquals("\ufffdb", stream.append(65));
    assertEquals("", stream.finish());
  }

  @Test
  void unfinishedEndComesWithFinish() {
    TextStream stream = new TextStream(tokenizer);
    assertEquals("", stream.append(172));
    assertEquals("", stream.append(253));
    assertEquals("\ufffd", stream.finish());
    assertEquals("a", stream.append(64));
  }

  @Test
  void specialTokensAndUnknownIdsGiveNothing() {
    TextStream stream = new TextStream(tokenizer);
    assertEquals("", stream.append(tokenizer.specialTokens().eos()));
    assertEquals("", stream.append(100_000));
    assertEquals("<|vid_end|>", stream.append(tokenizer.specialTokens().eov()));
  }

  @Test
  void goldenAnswersComeComplete() {
    for (JsonObject golden : TextFixtures.understanding()) {
      assertEquals(
          golden.get("text").getAsString(),
          String.join("", streamed(TextFixtures.ints(golden.get("output_ids")))));
    }
  }

  /** Random ids make broken characters of every kind, across tokens and special tokens. */
  @Test
  void piecesEqualTheDecodedText() {
    Random random = new Random(7);
    for (int round = 0; round < 2000; round++) {
      // Ids of single bytes of 0x80 and above are the most interesting half of the time.
      int bound = round % 2 == 0 ? tokenizer.vocabularySize() + 3 : 256;
      int low = round % 2 == 0 ? 0 : 94;
      int[] ids = random.ints(1 + random.nextInt(12), low, bound).toArray();
      assertEquals(tokenizer.decode(ids, true), String.join("", streamed(ids)));
    }
  }

  @Test
  void bytesThatNeverMakeACharacterDoNotPileUp() {
    TextStream stream = new TextStream(tokenizer);
    int continuation = tokenizer.encode("🙂")[3];
    assertEquals("", stream.append(continuation));
    for (int i = 0; i < 1000; i++) {
      assertEquals("\ufffd", stream.append(continuation));
    }
  }

  private static List<String> pieces(int... ids) {
    TextStream stream = new TextStream(tokenizer);
    return Arrays.stream(ids).mapToObj(stream::append).toList();
  }

  private static List<String> streamed(int[] ids) {
    TextStream stream = new TextStream(tokenizer);
    List<String> pieces = new ArrayList<>();
    for (int id : ids) {
      pieces.add(stream.append(id));
    }
    pieces.add(stream.finish());
    return pieces;
  }
}
