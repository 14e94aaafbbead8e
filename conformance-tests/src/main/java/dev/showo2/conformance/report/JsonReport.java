package dev.showo2.conformance.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Comparison.BadValue;
import dev.showo2.conformance.compare.Measurement;
import dev.showo2.conformance.rules.Level;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * A report for programs. What is empty is left out; times are in seconds; numbers that are not
 * finite, which JSON does not know, are the strings {@code NaN}, {@code Infinity} and {@code
 * -Infinity}.
 */
final class JsonReport {

  /** Raised when a program that reads reports has to know. */
  private static final int FORMAT = 1;

  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  private JsonReport() {}

  static String text(Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.addProperty("conformant", report.conformant());
    json.addProperty("successful", report.successful());
    json.addProperty("summary", report.summary());
    json.add("environment", environment(report.environment()));
    json.add("checks_by_status", counts(report::count));
    JsonObject levels = new JsonObject();
    for (Level level : Level.values()) {
      levels.add(level.name(), counts(status -> report.count(level, status)));
    }
    json.add("rules_by_level", levels);
    json.add("failed_stages", strings(report.failedStages()));
    json.add("unused_waivers", strings(report.unusedWaivers()));
    json.add("rules", array(report.rules(), JsonReport::rule));
    json.add("checks", array(report.outcomes(), outcome -> check(outcome, report)));
    json.add("stages", array(report.times(), JsonReport::stage));
    return GSON.toJson(json) + "\n";
  }

  private static JsonObject environment(Environment environment) {
    JsonObject json = new JsonObject();
    json.addProperty("backend", environment.backend());
    json.addProperty("name", environment.info().name());
    json.addProperty("version", environment.info().version());
    json.addProperty("device", environment.config().device().toString());
    environment.config().threads().ifPresent(threads -> json.addProperty("threads", threads));
    JsonObject options = new JsonObject();
    environment.config().options().forEach(options::addProperty);
    json.add("options", options);
    json.addProperty("precision", environment.precision().id());
    JsonObject stages = new JsonObject();
    environment
        .bundle()
        .byStage()
        .forEach((stage, precision) -> stages.addProperty(stage.id(), precision.id()));
    json.add("bundle_precisions", stages);
    json.addProperty("sdk", environment.sdk());
    json.addProperty("java", environment.java());
    json.addProperty("system", environment.system());
    json.addProperty("start", environment.start().toString());
    return json;
  }

  private static JsonObject counts(Function<Status, Integer> count) {
    JsonObject json = new JsonObject();
    for (Status status : Status.values()) {
      json.addProperty(name(status), count.apply(status));
    }
    return json;
  }

  private static JsonObject rule(RuleResult result) {
    JsonObject json = new JsonObject();
    json.addProperty("id", result.rule().id());
    json.addProperty("level", result.rule().level().name());
    json.addProperty("sentence", result.rule().sentence());
    result.rule().bound().ifPresent(bound -> json.addProperty("judged_by", name(bound)));
    json.addProperty("status", name(result.status()));
    addText(json, "reason", result.reason());
    json.add("checks", strings(result.outcomes().stream().map(Outcome::id).toList()));
    return json;
  }

  private static JsonObject check(Outcome outcome, Report report) {
    JsonObject json = new JsonObject();
    json.addProperty("id", outcome.id());
    json.addProperty("rule", outcome.rule().id());
    json.addProperty("model", outcome.model());
    json.addProperty("name", outcome.check());
    json.addProperty("status", name(outcome.status()));
    addText(json, "reason", outcome.reason());
    addText(json, "advice", outcome.advice());
    json.addProperty("seconds", seconds(outcome.time()));
    if (outcome.status() == Status.FAILED) {
      report.rerun(outcome).ifPresent(command -> json.addProperty("rerun", command));
    }
    json.add("figures", array(outcome.figures(), JsonFigures::of));
    return json;
  }

  private static JsonObject stage(StageTime time) {
    JsonObject json = new JsonObject();
    json.addProperty("stage", time.stage().id());
    json.addProperty("calls", time.calls());
    json.addProperty("seconds", seconds(time.time()));
    return json;
  }

  private static void addText(JsonObject json, String name, String text) {
    if (!text.isEmpty()) {
      json.addProperty(name, text);
    }
  }

  private static JsonArray strings(List<String> texts) {
    JsonArray array = new JsonArray();
    texts.forEach(array::add);
    return array;
  }

  private static <T> JsonArray array(List<T> values, Function<T, JsonElement> json) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(json.apply(value)));
    return array;
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** One comparison as JSON. */
  private static final class JsonFigures {

    private JsonFigures() {}

    static JsonObject of(Comparison comparison) {
      JsonObject json = new JsonObject();
      json.addProperty("tensor", comparison.tensor());
      json.addProperty("passed", comparison.passed());
      comparison.problem().ifPresent(problem -> json.addProperty("problem", problem));
      comparison.measurement().ifPresent(measured -> add(json, measured, comparison.allowed()));
      comparison.firstBad().ifPresent(bad -> json.add("first_bad", bad(bad)));
      return json;
    }

    private static void add(JsonObject json, Measurement measured, double allowed) {
      json.addProperty("values", measured.count());
      json.addProperty("equal", measured.equal());
      json.addProperty("not_finite", measured.notFinite());
      json.add("magnitude", number(measured.magnitude()));
      json.add("max_abs", number(measured.maxAbs()));
      json.add("allowed", number(allowed));
      json.add("max_rel", number(measured.maxRel()));
      json.add("mean_abs", number(measured.meanAbs()));
      json.add("cosine", number(measured.cosine()));
      json.add("psnr", number(measured.psnr()));
    }

    private static JsonObject bad(BadValue bad) {
      JsonObject json = new JsonObject();
      JsonArray index = new JsonArray();
      for (long position : bad.index()) {
        index.add(position);
      }
      json.add("index", index);
      json.add("actual", number(bad.actual()));
      json.add("expected", number(bad.expected()));
      return json;
    }

    private static JsonPrimitive number(double value) {
      return Double.isFinite(value)
          ? new JsonPrimitive(value)
          : new JsonPrimitive(Double.toString(value));
    }
  }
}
