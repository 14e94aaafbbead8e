package dev.showo2.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import dev.showo2.conformance.rules.Rule;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

class JsonReportTest {

  private final JsonObject json = parse(JsonReport.text(SampleReport.report()));

  private static JsonObject parse(String text) {
    JsonReader reader = new JsonReader(new StringReader(text));
    reader.setStrictness(Strictness.STRICT);
    return JsonParser.parseReader(reader).getAsJsonObject();
  }

  private JsonObject check(Outcome outcome) {
    return find(json.getAsJsonArray("checks"), outcome.id());
  }

  private static JsonObject find(JsonArray all, String id) {
    for (JsonElement each : all) {
      if (each.getAsJsonObject().get("id").getAsString().equals(id)) {
        return each.getAsJsonObject();
      }
    }
    throw new AssertionError("no " + id);
  }

  @Test
  void saysWhatWasTestedAndHowItEnded() {
    assertFalse(json.get("conformant").getAsBoolean());
    assertEquals(
        "{\"passed\":1,\"failed\":1,\"waived\":1,\"not_run\":1}",
        json.get("checks_by_status").toString());
    assertEquals(
        "{\"passed\":0,\"failed\":0,\"waived\":1,\"not_run\":3}",
        json.getAsJsonObject("rules_by_level").get("SHOULD").toString());
    assertEquals("[\"Backbone\"]", json.get("failed_stages").toString());
    assertEquals("[\"R-16\"]", json.get("unused_waivers").toString());
    assertEquals(
        "{\"backend\":\"toy\",\"name\":\"Toy & Co\",\"version\":\"1.2\",\"device\":\"cuda:1\","
            + "\"threads\":3,\"options\":{\"mode\":\"<fast>\"},\"precision\":\"fp16\","
            + "\"bundle_precisions\":{\"text_embedding\":\"fp32\",\"time_embedding\":\"fp32\","
            + "\"fusion\":\"fp32\",\"fusion_resize\":\"fp32\",\"backbone\":\"fp16\","
            + "\"language_head\":\"fp32\",\"flow_head\":\"fp32\",\"vae_image_encoder\":\"fp32\","
            + "\"vae_image_decoder\":\"fp32\",\"vae_video_encoder\":\"fp32\","
            + "\"vae_video_decoder\":\"fp32\"},"
            + "\"sdk\":\"0.1\",\"java\":\"17.0.1\",\"system\":\"Linux amd64, 2 processors\","
            + "\"start\":\"2026-01-02T03:04:05.678Z\"}",
        json.get("environment").toString().replace("\\u003c", "<").replace("\\u003e", ">"));
    assertEquals(
        "[{\"stage\":\"backbone\",\"calls\":12,\"seconds\":1.5}]", json.get("stages").toString());
  }

  @Test
  void everyRuleIsThereAndWhatDidNotRunSaysWhy() {
    JsonArray rules = json.getAsJsonArray("rules");
    assertEquals(Rule.values().length, rules.size());
    JsonObject untestable = find(rules, "R-19");
    assertEquals("not_run", untestable.get("status").getAsString());
    assertEquals(
        "cannot be tested: it needs a JVM of its own", untestable.get("reason").getAsString());
    assertEquals("stage", find(rules, "B-03").get("judged_by").getAsString());
    assertEquals("not_run", find(rules, "F-04").get("status").getAsString());
    assertEquals(
        "the backend lacks fusion_resize", check(SampleReport.NOT_RUN).get("reason").getAsString());
    assertEquals(
        "atomics add in any order", check(SampleReport.WAIVED).get("reason").getAsString());
  }

  @Test
  void aFailureHasItsFiguresAndTheCommandThatShowsItAgain() {
    JsonObject failed = check(SampleReport.FAILED);
    assertEquals(
        "showo2 conformance --backend toy --only 'B-03/tiny-a/it'\\''s\\, an \"image\"'",
        failed.get("rerun").getAsString());
    assertEquals(SampleReport.ODD, failed.get("reason").getAsString());
    assertEquals("not causal", failed.get("advice").getAsString());
    assertEquals(0.25, failed.get("seconds").getAsDouble());
    JsonObject figure = failed.getAsJsonArray("figures").get(0).getAsJsonObject();
    assertEquals(1, figure.get("not_finite").getAsInt());
    assertEquals(2, figure.get("equal").getAsInt());
    assertEquals(
        "{\"index\":[0,1],\"actual\":\"NaN\",\"expected\":\"-Infinity\"}",
        figure.get("first_bad").toString());
    assertFalse(check(SampleReport.PASSED).has("rerun"));
  }

  @Test
  void valuesThatAreEqualHaveAnInfiniteRatioAsAString() {
    JsonObject figure =
        check(SampleReport.PASSED).getAsJsonArray("figures").get(0).getAsJsonObject();
    assertTrue(figure.get("passed").getAsBoolean());
    assertEquals("Infinity", figure.get("psnr").getAsString());
    assertEquals(0, figure.get("max_abs").getAsDouble());
    assertEquals(4e-5, figure.get("allowed").getAsDouble(), 1e-12);
  }
}
