package dev.showo2.train.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.StrictJson;
import dev.showo2.sampler.TorchRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The state between two batches.
 *
 * @param fingerprint of data and settings
 * @param batch number of batches before
 * @param passes of each loader
 * @param positions of each loader in its pass
 * @param report up to here
 * @param random state of noise and times; empty where it is not known yet
 */
record BatchState(
    String fingerprint,
    long batch,
    List<Long> passes,
    List<Long> positions,
    DataReport report,
    byte[] random) {

  private static final String ORIGIN = "position in the data";

  BatchState {
    passes = List.copyOf(passes);
    positions = List.copyOf(positions);
  }

  String toJson() {
    JsonObject json = new JsonObject();
    json.addProperty("fingerprint", fingerprint);
    json.addProperty("batch", batch);
    json.add("passes", array(passes));
    json.add("positions", array(positions));
    json.addProperty("rows", report.rows());
    JsonObject counts = new JsonObject();
    report.counts().forEach((problem, count) -> counts.addProperty(problem.name(), count));
    json.add("counts", counts);
    JsonObject messages = new JsonObject();
    report
        .messages()
        .forEach(
            (problem, first) -> {
              JsonArray array = new JsonArray();
              first.forEach(array::add);
              messages.add(problem.name(), array);
            });
    json.add("messages", messages);
    json.addProperty("random", Base64.getEncoder().encodeToString(random));
    return json.toString();
  }

  static BatchState parse(String text) {
    try {
      JsonFields json = JsonFields.of(StrictJson.parseObject(text, ORIGIN), ORIGIN);
      return new BatchState(
          json.string("fingerprint"),
          json.longInteger("batch", 0, Long.MAX_VALUE),
          numbers(json, "passes"),
          numbers(json, "positions"),
          report(json),
          Base64.getDecoder().decode(json.string("random")));
    } catch (InvalidModelException | IllegalArgumentException e) {
      throw another(e);
    }
  }

  /** The generator of noise and times. */
  TorchRandom restoredRandom() {
    try {
      return TorchRandom.restore(random);
    } catch (IllegalArgumentException e) {
      throw another(e);
    }
  }

  private static InvalidRequestException another(RuntimeException e) {
    return new InvalidRequestException(
        "expected the position in the data that a run has saved, found another text: "
            + e.getMessage(),
        e);
  }

  private static DataReport report(JsonFields json) {
    Map<ExampleProblem, Long> counts = new EnumMap<>(ExampleProblem.class);
    JsonFields saved = json.object("counts");
    for (String name : saved.names()) {
      counts.put(ExampleProblem.valueOf(name), saved.longInteger(name, 0, Long.MAX_VALUE));
    }
    Map<ExampleProblem, List<String>> messages = new EnumMap<>(ExampleProblem.class);
    JsonFields lists = json.object("messages");
    for (String name : lists.names()) {
      messages.put(ExampleProblem.valueOf(name), lists.strings(name));
    }
    return new DataReport(json.longInteger("rows", 0, Long.MAX_VALUE), counts, messages);
  }

  private static JsonArray array(List<Long> values) {
    JsonArray array = new JsonArray();
    values.forEach(array::add);
    return array;
  }

  private static List<Long> numbers(JsonFields json, String name) {
    List<Long> values = new ArrayList<>();
    for (JsonElement element : json.array(name)) {
      long value = element.getAsLong();
      if (value < 0) {
        throw new IllegalArgumentException(name + " must not be negative, found " + value);
      }
      values.add(value);
    }
    return values;
  }
}
