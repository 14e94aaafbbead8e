package dev.showo2.export.internal.calibration;

import dev.showo2.text.TextTokenizer;
import dev.showo2.text.internal.ChatTemplate;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/** A conversation in two languages that ends where an image begins. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CalibrationPrompt {

  /** A small vocabulary makes many tokens of it; the last ones are cut off then. */
  private static final int MOST_TOKENS = 44;

  private static final String TEXT = "Draw a red fox in the snow at dawn. 画一只雪地里的红狐狸。";

  private CalibrationPrompt() {}

  /**
   * Token ids of bos, template, text and boi (SPEC 8).
   *
   * @throws dev.showo2.error.InvalidModelException if the file is no tokenizer
   */
  public static int[] ids(Path tokenizerJson) {
    try (TextTokenizer tokenizer = TextTokenizer.load(tokenizerJson)) {
      ChatTemplate template = new ChatTemplate(tokenizer);
      IntStream conversation = IntStream.of(tokenizer.specialTokens().bos());
      for (int[] part :
          new int[][] {
            template.system(), template.user(), tokenizer.encode(TEXT), template.assistant()
          }) {
        conversation = IntStream.concat(conversation, IntStream.of(part));
      }
      return IntStream.concat(
              conversation.limit(MOST_TOKENS - 1), IntStream.of(tokenizer.specialTokens().boi()))
          .toArray();
    }
  }
}
