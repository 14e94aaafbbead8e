package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Compares rows with those of the official dataset classes. */
class TrainingRowsTest {

  @TempDir private static Path folder;
  private static TextTokenizer tokenizer;

  @BeforeAll
  static void open() {
    tokenizer = ReferenceTokenizer.load(folder);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @TestFactory
  Stream<DynamicTest> rowsAreThoseOfTheOfficialDatasets() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    try (Reader reader =
        new InputStreamReader(
            TrainingRowsTest.class.getResourceAsStream("rows.json"), StandardCharsets.UTF_8)) {
      for (JsonElement element : JsonParser.parseReader(reader).getAsJsonArray()) {
        JsonObject golden = element.getAsJsonObject();
        tests.add(
            DynamicTest.dynamicTest(
                tests.size() + " " + golden.get("kind").getAsString(), () -> compare(golden)));
      }
    }
    assertEquals(53, tests.size());
    return tests.stream();
  }

  private static void compare(JsonObject golden) {
    JsonObject input = golden.getAsJsonObject("input");
    TrainingRows rows =
        TrainingRows.ofImages(
            tokenizer,
            input.get("max_seq_len").getAsInt(),
            input.get("num_image_tokens").getAsInt());
    FormattedRow made =
        switch (golden.get("kind").getAsString()) {
          case "text_to_image" ->
              rows.generation(
                  input.get("text").getAsString(), input.get("prompt_dropped").getAsBoolean());
          case "caption" -> rows.caption(input.get("text").getAsString());
          case "conversation" ->
              rows.conversation(
                  turns(input.getAsJsonArray("conversation")),
                  stage(input.get("stage").getAsString()));
          default ->
              rows.interleaved(
                  input.getAsJsonArray("captions").asList().stream()
                      .map(JsonElement::getAsString)
                      .toList(),
                  input.get("max_images").getAsInt());
        };
    Row row = made.row();
    assertEquals(ints(golden, "tokens"), Arrays.stream(row.tokens()).boxed().toList(), "tokens");
    assertEquals(ints(golden, "labels"), Arrays.stream(row.labels()).boxed().toList(), "labels");
    assertEquals(
        ints(golden, "image_mask"),
        IntStream.range(0, row.flowMask().length).mapToObj(i -> row.flowMask()[i] ? 1 : 0).toList(),
        "mask");
    assertEquals(
        golden.getAsJsonArray("positions").asList().stream()
            .map(JsonElement::getAsJsonArray)
            .map(p -> new Span(p.get(0).getAsInt(), p.get(1).getAsInt()))
            .toList(),
        row.spans(),
        "spans");
  }

  private static ConversationStage stage(String id) {
    return Arrays.stream(ConversationStage.values())
        .filter(stage -> stage.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<Example.Turn> turns(JsonArray conversation) {
    return conversation.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            turn ->
                new Example.Turn(
                    turn.get("from").getAsString().equals("human"),
                    turn.get("value").getAsString()))
        .toList();
  }

  private static List<Integer> ints(JsonObject golden, String name) {
    return golden.getAsJsonArray(name).asList().stream().map(JsonElement::getAsInt).toList();
  }

  @Test
  void videoRowsHaveTheirOwnTokens() {
    TrainingRows rows = TrainingRows.ofVideos(tokenizer, 20, 5);
    Row drawn = rows.generation("a", false).row();
    assertEquals(
        List.of(491, 64, 506, 503, 503, 503, 503, 503, 507, 492),
        Arrays.stream(drawn.tokens()).limit(10).boxed().toList());
    assertEquals(List.of(new Span(3, 5)), drawn.spans());
    FormattedRow caption = rows.caption("a");
    assertEquals(
        List.of(491, 506, 503, 503, 503, 503, 503, 507, 64, 492),
        Arrays.stream(caption.row().tokens()).limit(10).boxed().toList());
    assertEquals(1, caption.cleanSpans());
    assertEquals(0, IntStream.range(0, 20).filter(i -> caption.trained().flowMask()[i]).count());
  }

  @Test
  void cleanImagesHaveNoFlowLossAndMissingOnesNoPositions() {
    TrainingRows rows = TrainingRows.ofImages(tokenizer, 80, 5);
    FormattedRow story = rows.interleaved(List.of("a", "b"), 3);
    assertEquals(Span.NONE, story.row().spans().get(2));
    FormattedRow half = story.withCleanSpans(1);
    boolean[] mask = half.trained().flowMask();
    Span first = story.row().spans().get(0);
    Span second = story.row().spans().get(1);
    assertEquals(5, IntStream.range(0, 80).filter(i -> mask[i]).count());
    assertEquals(false, mask[first.offset()] || mask[first.offset() + 4]);
    assertEquals(true, mask[second.offset()] && mask[second.offset() + 4]);
  }

  @Test
  void anImageBeyondTheRowIsRefusedAndALongQuestionLosesItsAnswer() {
    TrainingRows rows = TrainingRows.ofImages(tokenizer, 60, 17);
    String text = "why ".repeat(60);
    BadExampleException beyond =
        assertThrows(
            BadExampleException.class,
            () ->
                rows.conversation(
                    List.of(
                        new Example.Turn(true, text + "<image> what"),
                        new Example.Turn(false, "this")),
                    ConversationStage.TUNING));
    assertEquals(ExampleProblem.IMAGE_CUT, beyond.problem());
    FormattedRow cut =
        rows.conversation(
            List.of(new Example.Turn(true, "<image>" + text), new Example.Turn(false, "this")),
            ConversationStage.TUNING);
    assertEquals(true, cut.cut());
    assertEquals(
        0, Arrays.stream(cut.row().labels()).filter(l -> l != TrainingBatch.NO_LABEL).count());
  }
}
