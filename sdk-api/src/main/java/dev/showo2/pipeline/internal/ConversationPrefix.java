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
 * How far a conversation has come. Immutable.
 *
 * @param length positions of the cache that belong to it
 * @param said token ids of the texts among them
 * @param next token ids that are not in the cache yet and stand before the next turn
 */
@SuppressWarnings("ArrayRecordComponent") // never handed out
@API(status = API.Status.INTERNAL, since = "0.1")
public record ConversationPrefix(int length, int[] said, int[] next) {

  public static ConversationPrefix opening(SequenceLayout layout) {
    return new ConversationPrefix(0, new int[0], layout.opening());
  }

  /** After a turn and its answer; of the answer it holds what was shown. */
  public ConversationPrefix after(
      List<Segment> turn, GeneratedText answer, SequenceLayout layout, TextTokenizer tokenizer) {
    int[] shown = shown(answer, tokenizer);
    // The last token that was generated never went through the backbone.
    int cached = Math.min(shown.length, answer.ids().length - 1);
    return new ConversationPrefix(
        length + turn.stream().mapToInt(Segment::length).sum() + cached,
        joined(said, texts(turn), Arrays.copyOf(shown, cached)),
        joined(Arrays.copyOfRange(shown, cached, shown.length), layout.closing()));
  }

  /** All texts of the sequence once a turn has been appended. */
  public int[] textsWith(List<Segment> turn) {
    return joined(said, texts(turn));
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
