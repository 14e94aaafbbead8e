package dev.showo2.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.SpecialTokens;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TextTokenizerTest {

  private static Map<Object, Object> propertiesBefore;
  private static TextTokenizer tokenizer;

  @BeforeAll
  static void load() {
    propertiesBefore = Map.copyOf(System.getProperties());
    tokenizer = TextFixtures.tokenizer();
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void loadingLeavesNoSystemPropertyBehind() {
    Map<Object, Object> added = new HashMap<>(System.getProperties());
    added.entrySet().removeAll(propertiesBefore.entrySet());
    assertEquals(Map.of(), added);
    assertEquals(propertiesBefore.keySet(), System.getProperties().keySet());
  }

  static List<JsonObject> tokenizerCases() {
    return TextFixtures.tokenizerCases();
  }

  @ParameterizedTest
  @MethodSource("tokenizerCases")
  void encodesAndDecodesLikeTheGolden(JsonObject golden) {
    int[] ids = TextFixtures.ints(golden.get("ids"));
    assertArrayEquals(ids, tokenizer.encode(golden.get("text").getAsString()));
    assertEquals(golden.get("decoded").getAsString(), tokenizer.decode(ids, false));
  }

  static List<JsonObject> understanding() {
    return TextFixtures.understanding();
  }

  @ParameterizedTest
  @MethodSource("understanding")
  void decodesAnswersLikeTheGolden(JsonObject golden) {
    int[] ids = TextFixtures.ints(golden.get("output_ids"));
    assertEquals(golden.get("text").getAsString(), tokenizer.decode(ids, true));
  }

  @Test
  void specialTokensEqualTheGolden() {
    JsonObject golden = TextFixtures.json("special_tokens.json").getAsJsonObject();
    SpecialTokens expected =
        new SpecialTokens(
            golden.get("bos_id").getAsInt(),
            golden.get("eos_id").getAsInt(),
            golden.get("boi_id").getAsInt(),
            golden.get("eoi_id").getAsInt(),
            golden.get("bov_id").getAsInt(),
            golden.get("eov_id").getAsInt(),
            golden.get("img_pad_id").getAsInt(),
            golden.get("vid_pad_id").getAsInt(),
            golden.get("pad_id").getAsInt());
    assertEquals(expected, tokenizer.specialTokens());
    assertEquals(golden.get("img_id").getAsInt(), tokenizer.id("<image>"));
    assertEquals(golden.get("vocab_size").getAsInt(), tokenizer.vocabularySize());
  }

  @Test
  void unknownTokenIsNamed() {
    Exception e = assertThrows(InvalidModelException.class, () -> tokenizer.id("<|nope|>"));
    assertEquals(
        TextFixtures.tokenizerFile()
            + ": has no token '<|nope|>' among its added tokens; is it one of Qwen2.5?",
        e.getMessage());
  }

  @Test
  void skippingLeavesOutSpecialTokensOnly() {
    int[] ids = tokenizer.encode("<|im_start|>a[PAD]b<image>c<|vid_end|><|im_end|>");
    assertEquals("ab<image>c<|vid_end|>", tokenizer.decode(ids, true));
  }

  @Test
  void longTextIsNotCutOff() {
    String text = "a big red circle ".repeat(1000);
    int[] ids = tokenizer.encode(text);
    assertEquals(4001, ids.length);
    assertEquals(text, tokenizer.decode(ids, false));
  }

  @Test
  void emptyTextHasNoTokens() {
    assertArrayEquals(new int[0], tokenizer.encode(""));
    assertEquals("", tokenizer.decode(new int[0], false));
  }

  @Test
  void unusualTextsAreEncoded() {
    assertEquals("a\0b", roundTrip("a\0b"));
    assertEquals("\ufffd", roundTrip("\ud83d"));
    assertEquals("x\ufffd\ufffdy", roundTrip("x\ude42\ud83dy"));
    assertEquals("🙂", roundTrip("🙂"));
  }

  private static String roundTrip(String text) {
    return tokenizer.decode(tokenizer.encode(text), false);
  }

  @Test
  void idsWithoutATokenBecomeNothing() {
    int[] ids = {64, -1, 508, Integer.MAX_VALUE, 65};
    assertEquals("ab", tokenizer.decode(ids, false));
  }

  @Test
  void fourThreadsGetTheSameIds() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < 50; round++) {
                    tokenizerCases().forEach(this::encodesAndDecodesLikeTheGolden);
                  }
                }));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void closingWhileOthersEncodeIsSafe() throws Exception {
    TextTokenizer shared = TextFixtures.tokenizer();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        tasks.add(
            threads.submit(
                () -> {
                  while (true) {
                    assertEquals(5, shared.encode("白色背景上面有一个大红色圆形。").length);
                  }
                }));
      }
      shared.encode("under way");
      shared.close();
      for (Future<?> task : tasks) {
        Throwable end = assertThrows(Exception.class, task::get).getCause();
        assertEquals(IllegalStateException.class, end.getClass());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void closedTokenizerSaysSo() {
    TextTokenizer closed = TextFixtures.tokenizer();
    closed.close();
    closed.close();
    String message = "the tokenizer of " + TextFixtures.tokenizerFile() + " is closed";
    assertEquals(
        message, assertThrows(IllegalStateException.class, () -> closed.encode("a")).getMessage());
    assertEquals(
        message,
        assertThrows(IllegalStateException.class, () -> closed.decode(new int[] {1}, true))
            .getMessage());
    assertEquals(491, closed.specialTokens().bos());
  }
}
