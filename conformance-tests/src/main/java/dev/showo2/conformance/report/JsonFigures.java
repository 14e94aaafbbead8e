package dev.showo2.conformance.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Comparison.BadValue;
import dev.showo2.conformance.compare.Measurement;

/** One comparison as JSON. */
final class JsonFigures {

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
