package dev.showo2.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.train.spi.ParameterGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rates and trained parameters of ten runs of the official code. The fixture holds the settings,
 * rates and names of the runs of two tiny checkpoints, taken from their {@code runs.json} and the
 * tensors {@code fp32.lr}.
 */
class OfficialRunsTest {

  /** Rates are the same computation in double precision. */
  private static final double TOLERANCE = 1e-12;

  private static JsonObject fixture() throws IOException {
    try (InputStream in = OfficialRunsTest.class.getResourceAsStream("official-runs.json");
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    }
  }

  static Stream<Arguments> runs() throws IOException {
    return StreamSupport.stream(fixture().getAsJsonArray("runs").spliterator(), false)
        .map(run -> Arguments.of(run.getAsJsonObject().get("run").getAsString(), run));
  }

  static Stream<Arguments> names() throws IOException {
    return fixture().getAsJsonObject("names").entrySet().stream()
        .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void everyStepHasTheOfficialRates(String name, JsonObject run) {
    long steps = run.get("steps").getAsLong();
    Schedule.Kind kind =
        run.get("schedule").getAsString().equals("cosine")
            ? Schedule.Kind.COSINE
            : Schedule.Kind.CONSTANT;
    Schedule schedule = new Schedule(kind, run.get("warmup").getAsLong(), steps);
    List<Double> base = numbers(run.get("lr"));
    for (int step = 0; step < steps; step++) {
      List<Double> official = numbers(run.getAsJsonArray("rates").get(step));
      for (int group = 0; group < base.size(); group++) {
        assertEquals(
            official.get(group),
            base.get(group) * schedule.factor(step),
            TOLERANCE * base.get(group),
            "step " + step + ", group " + group);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void theOfficialParametersAreTrained(String name, JsonObject names) {
    TrainedPart part =
        TrainedPart.valueOf(name.substring(name.indexOf(' ') + 1).toUpperCase(Locale.ROOT));
    List<String> trained = texts(names.get("trained"));
    List<String> others = texts(names.get("not_trained"));
    assertEquals(
        trained,
        Stream.concat(trained.stream(), others.stream())
            .filter(weight -> group(part, weight) >= 0)
            .toList());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void theRuleOfTheOfficialCodeChoosesTheGroups(String name, JsonObject names) {
    if (!name.endsWith("stage_two")) {
      assertEquals(1, TrainedPart.STAGE_ONE.groups().size());
      return;
    }
    for (String weight : texts(names.get("trained"))) {
      int expected =
          weight.matches(".*(und_trans|image_embedder|position_embedding).*")
              ? 0
              : weight.contains("fusion_proj") ? 1 : 2;
      assertEquals(expected, group(TrainedPart.STAGE_TWO, weight), weight);
    }
  }

  private static int group(TrainedPart part, String weight) {
    List<ParameterGroup> groups = part.groups();
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).contains(weight)) {
        return i;
      }
    }
    return -1;
  }

  private static List<Double> numbers(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsDouble)
        .toList();
  }

  private static List<String> texts(JsonElement array) {
    return StreamSupport.stream(array.getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .toList();
  }
}
