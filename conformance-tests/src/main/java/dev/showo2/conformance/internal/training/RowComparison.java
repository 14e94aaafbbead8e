package dev.showo2.conformance.internal.training;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.data.ConversationStage;
import dev.showo2.train.data.Example;
import dev.showo2.train.data.TrainingRows;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** Makes rows of recorded texts and conversations, and compares them with the recorded rows. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RowComparison {

  /** Of a row in tokens; above what any model reads. */
  private static final int LONGEST = 1 << 20;

  private static final int MOST_IMAGES = 1000;

  private RowComparison() {}

  /**
   * Compares all rows of a kind; the first difference is shown.
   *
   * @throws InvalidModelException if the input of a row is malformed
   */
  public static void compare(
      String kind, List<RecordedRow> rows, TextTokenizer tokenizer, Checks checks) {
    Optional<Maker> maker = maker(kind);
    if (maker.isEmpty()) {
      checks.cannotRun(
          "this version of the kit knows rows of text_to_image, caption, conversation and"
              + " interleaved, and none of '"
              + kind
              + "'");
      return;
    }
    String problem = "";
    for (int i = 0; i < rows.size() && problem.isEmpty(); i++) {
      JsonFields input = rows.get(i).input();
      TrainingRows rowsOfLength =
          TrainingRows.ofImages(
              tokenizer,
              input.integer("max_seq_len", 1, LONGEST),
              input.integer("num_image_tokens", 1, LONGEST));
      problem = difference(maker.get().make(rowsOfLength, input), rows.get(i));
      problem = problem.isEmpty() ? "" : "row " + i + ": " + problem;
    }
    checks.require(rows.size() + " rows", problem.isEmpty(), problem);
  }

  /** Makes a row of its recorded input. */
  private interface Maker {
    Row make(TrainingRows rows, JsonFields input);
  }

  private static Optional<Maker> maker(String kind) {
    return Optional.ofNullable(
        switch (kind) {
          case "text_to_image" ->
              (rows, input) ->
                  rows.generation(input.string("text"), input.bool("prompt_dropped")).row();
          case "caption" -> (rows, input) -> rows.caption(input.string("text")).row();
          case "conversation" ->
              (rows, input) -> rows.conversation(turns(input), stage(input)).row();
          case "interleaved" ->
              (rows, input) ->
                  rows.interleaved(
                          input.strings("captions"), input.integer("max_images", 1, MOST_IMAGES))
                      .row();
          default -> null;
        });
  }

  private static ConversationStage stage(JsonFields input) {
    String id = input.string("stage");
    return Stream.of(ConversationStage.values())
        .filter(stage -> stage.id().equals(id))
        .findFirst()
        .orElseThrow(() -> input.wrong("stage", "pre-training, pre-training-1-5 or tuning"));
  }

  private static List<Example.Turn> turns(JsonFields input) {
    List<Example.Turn> turns = new ArrayList<>();
    for (JsonFields turn : input.objects("conversation")) {
      boolean question =
          switch (turn.string("from")) {
            case "human" -> true;
            case "gpt" -> false;
            default -> throw turn.wrong("from", "human or gpt");
          };
      turns.add(new Example.Turn(question, turn.string("value")));
    }
    return turns;
  }

  /** The first difference, or an empty text. */
  private static String difference(Row made, RecordedRow expected) {
    List<Span> spans = made.spans();
    List<List<Long>> positions = new ArrayList<>();
    spans.forEach(span -> positions.add(List.of((long) span.offset(), (long) span.length())));
    if (!positions.equals(expected.positions())) {
      return "positions are " + positions + ", expected " + expected.positions();
    }
    int length = made.tokens().length;
    if (length != expected.tokens().length) {
      return "has " + length + " tokens, expected " + expected.tokens().length;
    }
    for (int i = 0; i < length; i++) {
      String at = "[" + i + "] is ";
      long mask = made.flowMask()[i] ? 1 : 0;
      if (made.tokens()[i] != expected.tokens()[i]) {
        return "tokens" + at + made.tokens()[i] + ", expected " + expected.tokens()[i];
      }
      if (made.labels()[i] != expected.labels()[i]) {
        return "labels" + at + made.labels()[i] + ", expected " + expected.labels()[i];
      }
      if (mask != expected.mask()[i]) {
        return "image_mask" + at + mask + ", expected " + expected.mask()[i];
      }
    }
    return "";
  }
}
