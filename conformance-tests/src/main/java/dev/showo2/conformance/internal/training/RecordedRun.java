package dev.showo2.conformance.internal.training;

import com.google.gson.JsonElement;
import dev.showo2.conformance.internal.golden.GoldenFiles;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.train.Schedule;
import dev.showo2.train.TrainedPart;
import dev.showo2.train.spi.AdamW;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * A run of the official code as {@code runs.json} describes it. Fields that this version does not
 * know are ignored.
 *
 * @param name of the run
 * @param file its tensors
 * @param parameters that are trained, in the order of the recorded figures
 * @param notTrained that are not
 * @param noTrueGradient names whose changes are rounding noise alone
 * @param groups that are trained, one for each rate
 * @param rates of the groups at their full height
 * @param schedule of the rates
 * @param steps updates
 * @param batches recorded micro-batches, which are used in turn
 * @param accumulate micro-batches of a step
 * @param optimizer decay and clipping
 * @param lossWeights of the sum
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record RecordedRun(
    String name,
    Path file,
    List<String> parameters,
    List<String> notTrained,
    Set<String> noTrueGradient,
    List<ParameterGroup> groups,
    List<Double> rates,
    Schedule schedule,
    int steps,
    int batches,
    int accumulate,
    AdamW optimizer,
    LossWeights lossWeights) {

  /** Far above what a recorded run has; bounds the figures that are kept of one. */
  private static final int MOST = 1_000_000;

  /** Copies the collections. */
  public RecordedRun {
    parameters = List.copyOf(parameters);
    notTrained = List.copyOf(notTrained);
    noTrueGradient = Set.copyOf(noTrueGradient);
    groups = List.copyOf(groups);
    rates = List.copyOf(rates);
  }

  static RecordedRun read(JsonFields json, Path directory) {
    int steps = json.integer("steps", 1, MOST);
    List<ParameterGroup> groups = groups(json);
    List<Double> rates = rates(json);
    if (rates.size() != groups.size()) {
      throw json.wrong("lr", "a rate for each of " + groups.size() + " groups");
    }
    return new RecordedRun(
        json.string("name"),
        file(json, directory),
        distinct(json, "parameters"),
        distinct(json, "not_trained"),
        json.has("no_true_gradient") ? Set.copyOf(distinct(json, "no_true_gradient")) : Set.of(),
        groups,
        rates,
        new Schedule(kind(json), json.integer("warmup", 0, MOST), steps),
        steps,
        json.integer("batches", 1, MOST),
        json.integer("accumulate", 1, MOST),
        new AdamW(
            AdamW.OFFICIAL.beta1(),
            AdamW.OFFICIAL.beta2(),
            AdamW.OFFICIAL.epsilon(),
            atLeastZero(json, "weight_decay"),
            json.positiveNumber("max_grad_norm")),
        new LossWeights(atLeastZero(json, "ntp"), atLeastZero(json, "flow")));
  }

  private static Path file(JsonFields json, Path directory) {
    String where = "run '" + json.string("name") + "'";
    Path file =
        directory.resolve(GoldenFiles.requireConfined(json.string("file"), where).toString());
    if (!Files.isRegularFile(file)) {
      throw new InvalidModelException(where + ": there is no file " + file);
    }
    return file;
  }

  private static List<ParameterGroup> groups(JsonFields json) {
    TrainedPart part =
        switch (json.string("group_rule")) {
          case "stage_one" -> TrainedPart.STAGE_ONE;
          case "stage_two" -> TrainedPart.STAGE_TWO;
          default -> throw json.wrong("group_rule", "stage_one or stage_two");
        };
    List<String> frozen = json.has("frozen") ? json.strings("frozen") : List.of();
    if (part == TrainedPart.STAGE_ONE) {
      // The run says itself what stage one freezes.
      ParameterGroup group = part.groups().get(0);
      return List.of(new ParameterGroup(group.name(), group.including(), frozen));
    }
    return part.groups().stream()
        .map(group -> new ParameterGroup(group.name(), group.including(), frozen))
        .toList();
  }

  private static Schedule.Kind kind(JsonFields json) {
    return switch (json.string("schedule")) {
      case "constant", "constant_with_warmup" -> Schedule.Kind.CONSTANT;
      case "cosine" -> Schedule.Kind.COSINE;
      default -> throw json.wrong("schedule", "constant_with_warmup or cosine");
    };
  }

  private static List<Double> rates(JsonFields json) {
    List<Double> rates = new ArrayList<>();
    for (JsonElement each : json.array("lr")) {
      double rate = number(each);
      if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
        throw json.wrong("lr", "finite rates of at least 0");
      }
      rates.add(rate);
    }
    return rates;
  }

  private static double number(JsonElement value) {
    try {
      return value.getAsDouble();
    } catch (RuntimeException e) {
      return Double.NaN;
    }
  }

  private static double atLeastZero(JsonFields json, String name) {
    double number = json.number(name);
    if (number < 0) {
      throw json.wrong(name, "a number of at least 0");
    }
    return number;
  }

  private static List<String> distinct(JsonFields json, String name) {
    List<String> names = json.strings(name);
    if (new HashSet<>(names).size() != names.size()) {
      throw json.wrong(name, "each name once");
    }
    return names;
  }
}
