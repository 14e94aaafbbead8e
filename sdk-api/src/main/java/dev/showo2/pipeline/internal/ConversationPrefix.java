package dev.showo2.pipeline.internal;

import dev.showo2.pipeline.GeneratedText;
import dev.showo2.sequence.internal.Part;
import dev.showo2.sequence.internal.Segment;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.text.TextTokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apiguardian.api.API;

/**
 * The prefix of a conversation's next turn: the turns and answers so far. Immutable.
 *
 * @param length positions of it that are in the KV cache
 * @param texts token ids of the texts among them
 * @param next token ids that are not in the cache yet and precede the next turn
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record ConversationPrefix(int length, int[] texts, int[] next) {

  /**
   * The prefix of the first turn.
   *
   * @param layout of the model's sequences
   * @return a prefix of which nothing is cached
   */
  public static ConversationPrefix opening(SequenceLayout layout) {
    return new ConversationPrefix(0, new int[0], layout.opening());
  }

  /**
   * The prefix after a turn and its answer. It contains only the tokens of the answer's returned
   * text.
   *
   * @param turn the segments of the turn
   * @param answer the model's answer
   * @param layout of the model's sequences
   * @param tokenizer of the model
   * @return the prefix of the next turn
   */
  public ConversationPrefix after(
      List<Segment> turn, GeneratedText answer, SequenceLayout layout, TextTokenizer tokenizer) {
    int[] shown = shown(answer, tokenizer);
    // The last generated token is not in the cache.
    int cached = Math.min(shown.length, answer.ids().length - 1);
    return new ConversationPrefix(
        length + turn.stream().mapToInt(Segment::length).sum() + cached,
        joined(texts, texts(turn), Arrays.copyOf(shown, cached)),
        joined(Arrays.copyOfRange(shown, cached, shown.length), layout.closing()));
  }

  /**
   * The texts of the sequence including a turn.
   *
   * @param turn the segments of the turn
   * @return token ids
   */
  public int[] textsWith(List<Segment> turn) {
    return joined(texts, texts(turn));
  }

  private static int[] shown(GeneratedText answer, TextTokenizer tokenizer) {
    int[] ids = answer.ids();
    return switch (answer.finish()) {
      case STOP_TOKEN -> Arrays.copyOf(ids, ids.length - 1);
      case MAX_TOKENS -> ids;
      case STOP_SEQUENCE -> {
        int count = ids.length;
        while (!answer.text().startsWith(tokenizer.decode(Arrays.copyOf(ids, count), true))) {
          count--;
        }
        yield Arrays.copyOf(ids, count);
      }
    };
  }

  private static int[] texts(List<Segment> segments) {
    return segments.stream()
        .flatMap(segment -> segment.parts().stream())
        .flatMapToInt(
            part -> part instanceof Part.Text text ? IntStream.of(text.ids()) : IntStream.empty())
        .toArray();
  }

  private static int[] joined(int[]... pieces) {
    return Arrays.stream(pieces).flatMapToInt(Arrays::stream).toArray();
  }
}
