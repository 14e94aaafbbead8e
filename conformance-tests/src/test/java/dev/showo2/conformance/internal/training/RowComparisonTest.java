package dev.showo2.conformance.internal.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.showo2.conformance.Fixtures;
import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Precision;
import dev.showo2.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ExportedModels.class)
class RowComparisonTest {

  private static final int CAPTION = 16;

  private static TextTokenizer tokenizer;

  @TempDir Path folder;

  @BeforeAll
  static void load(Models models) {
    tokenizer = TextTokenizer.load(models.bundle("tiny-a").tokenizer());
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static List<String> compare(RunFolder recorded, String kind) {
    Checks checks = new Checks(Precision.FP32);
    RowComparison.compare(kind, recorded.rows(kind), tokenizer, checks);
    assertEquals(kind.equals("poem"), checks.obstacle().isPresent());
    return checks.comparisons().stream().map(Comparison::toString).toList();
  }

  /** The official rows with one field of the first caption's row changed. */
  private RunFolder changed(String field, JsonElement value) throws IOException {
    try (Fixtures fixtures = Fixtures.open()) {
      JsonArray rows =
          JsonParser.parseString(
                  Files.readString(fixtures.path("training/tiny-a").resolve("rows.json")))
              .getAsJsonArray();
      rows.get(CAPTION).getAsJsonObject().add(field, value);
      Files.writeString(folder.resolve("rows.json"), rows.toString());
      return RunFolder.open(folder);
    }
  }

  @Test
  void theOfficialRowsAreMade() {
    try (Fixtures fixtures = Fixtures.open()) {
      RunFolder recorded = RunFolder.open(fixtures.path("training/tiny-a"));
      assertEquals(List.of("16 rows equal"), compare(recorded, "text_to_image"));
      assertEquals(List.of("16 rows equal"), compare(recorded, "caption"));
      assertEquals(List.of("18 rows equal"), compare(recorded, "conversation"));
      assertEquals(List.of("3 rows equal"), compare(recorded, "interleaved"));
    }
  }

  @Test
  void theFirstDifferenceIsShown() throws IOException {
    RunFolder recorded = changed("kind", new JsonPrimitive("caption"));
    JsonArray labels = new JsonArray();
    for (long label : recorded.rows("caption").get(0).labels()) {
      labels.add(label);
    }
    labels.set(5, new JsonPrimitive(502));
    assertEquals(
        List.of("16 rows row 0: labels[5] is -100, expected 502"),
        compare(changed("labels", labels), "caption"));
    assertEquals(
        List.of("16 rows row 0: positions are [[2, 17]], expected [[3, 17]]"),
        compare(changed("positions", JsonParser.parseString("[[3, 17]]")), "caption"));
  }

  @Test
  void whatNobodyKnowsDoesNotRun() throws IOException {
    assertEquals(List.of(), compare(changed("kind", new JsonPrimitive("poem")), "poem"));
  }

  @Test
  void malformedRowsAreRefused() throws IOException {
    for (String positions : List.of("[[1]]", "[1]", "[[1, 2.5]]", "{}", "[[1, 1e99]]")) {
      String message =
          assertThrows(
                  InvalidModelException.class,
                  () -> changed("positions", JsonParser.parseString(positions)))
              .getMessage();
      assertTrue(message.contains("positions"), message);
    }
    assertThrows(InvalidModelException.class, () -> changed("tokens", new JsonArray()));
    RunFolder recorded = changed("input", JsonParser.parseString("{\"max_seq_len\": 0}"));
    String message =
        assertThrows(InvalidModelException.class, () -> compare(recorded, "caption")).getMessage();
    assertTrue(message.contains("max_seq_len"), message);
  }
}
