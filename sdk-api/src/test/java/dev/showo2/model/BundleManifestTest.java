package dev.showo2.model;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBundle;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BundleManifestTest {

  private static final String JSON = FakeBundle.manifest(4).toJson();

  @Test
  void readsItsOwnOutput() {
    BundleManifest read = BundleManifest.parse(JSON, "test");
    assertEquals(FakeBundle.manifest(4), read);
    assertEquals(FakeBundle.manifest(4).hashCode(), read.hashCode());
    assertEquals(JSON, read.toJson());
    assertTrue(JSON.endsWith("}\n"));
  }

  @Test
  void precisionsAreReadPerStage() {
    BundleManifest read =
        BundleManifest.parse(
            JSON.replace("\"backbone\": \"fp32\"", "\"backbone\": \"int8\""), "test");
    assertEquals(Precision.INT8, read.precision().of(Stage.BACKBONE));
    assertEquals(Precision.FP32, read.precision().of(Stage.FLOW_HEAD));
    assertEquals(Precision.INT8, read.precision().leastExact());
    assertEquals("backbone=int8, else fp32", read.precision().toString());
    assertRefused(
        JSON.replace("\"backbone\": \"fp32\"", "\"backbone\": \"fp17\""),
        "test: precision: 'backbone' should be one of fp32, fp16, bf16, int8, int4");
  }

  @Test
  void ignoresFieldsItDoesNotKnow() {
    String more = JSON.replaceFirst("\\{", "{\"remark\": [1, {\"a\": null}],");
    assertEquals(FakeBundle.manifest(4), BundleManifest.parse(more, "test"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "2147483647"})
  void refusesOtherVersions(String version) {
    assertRefused(
        JSON.replace("\"format_version\": 2", "\"format_version\": " + version),
        "test: 'format_version' should be 2, the version this SDK reads",
        "found " + version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "\"1\"", "-1", "1e999", "null", "9999999999999999999999"})
  void refusesVersionsThatAreNone(String version) {
    assertRefused(
        JSON.replace("\"format_version\": 2", "\"format_version\": " + version),
        "test: 'format_version' should be an integer from 0 to 2147483647, found");
  }

  /** Removes each field, one at a time, at any depth. */
  @ParameterizedTest
  @MethodSource("fields")
  void namesAMissingField(List<String> path) {
    JsonObject root = JsonParser.parseString(JSON).getAsJsonObject();
    JsonElement holder = root;
    for (String step : path.subList(0, path.size() - 1)) {
      holder =
          holder.isJsonArray()
              ? holder.getAsJsonArray().get(Integer.parseInt(step))
              : holder.getAsJsonObject().get(step);
    }
    String last = path.get(path.size() - 1);
    holder.getAsJsonObject().remove(last);
    assertRefused(new Gson().toJson(root), "'" + last + "' is missing");
  }

  static List<List<String>> fields() {
    List<List<String>> paths = new ArrayList<>();
    collect(JsonParser.parseString(JSON), List.of(), paths);
    assertEquals(87, paths.size());
    return paths;
  }

  private static void collect(JsonElement element, List<String> at, List<List<String>> paths) {
    if (element.isJsonObject()) {
      element
          .getAsJsonObject()
          .asMap()
          .forEach(
              (name, value) -> {
                paths.add(append(at, name));
                collect(value, append(at, name), paths);
              });
    } else if (element.isJsonArray()) {
      for (int i = 0; i < element.getAsJsonArray().size(); i++) {
        collect(element.getAsJsonArray().get(i), append(at, "" + i), paths);
      }
    }
  }

  private static List<String> append(List<String> path, String step) {
    return Stream.concat(path.stream(), Stream.of(step)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x",
        "/x",
        "sub/x",
        "sub\\\\x",
        "c:x",
        "..",
        ".hidden",
        "x.",
        "",
        "a b",
        "showo2.json",
        "SHOWO2.JSON",
        "\\u0000",
        "\\u00e4"
      })
  void refusesFileNamesThatAreNotPlain(String name) {
    for (String field : List.of("name", "file")) {
      assertRefused(
          JSON.replace(
              "\"" + field + "\": \"backbone.onnx\"", "\"" + field + "\": \"" + name + "\""),
          "'" + field + "' should be a plain file name within the bundle",
          "other than showo2.json");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "Tokenizer.JSON"})
  void refusesTwoFilesOfOneName(String name) {
    assertRefused(
        JSON.replace("\"name\": \"backbone.onnx\"", "\"name\": \"" + name + "\""),
        "files[1]: 'name' should be a name that no other file has",
        name);
  }

  @Test
  void refusesTwoGraphsForOneStageAndDialect() {
    JsonObject root = JsonParser.parseString(JSON).getAsJsonObject();
    root.getAsJsonArray("graphs").add(root.getAsJsonArray("graphs").get(0));
    assertRefused(
        new Gson().toJson(root), "graphs[1]: 'stage' should be of another dialect", "backbone");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"stage\": \"backbone\"|\"stage\": \"engine\"|'stage' should be the id of a stage",
        "\"size\": 4|\"size\": -1|'size' should be an integer from 0",
        "\"sha256\": \"9|\"sha256\": \"G|'sha256' should be 64 lower-case hexadecimal digits",
        "\"eos\": 492|\"eos\": 508|special_tokens: 'eos' should be an integer from 0 to 507",
        "\"pad\": 504|\"pad\": -1|special_tokens: 'pad' should be an integer from 0 to 507",
        "\"steps\": 4|\"steps\": 1|defaults: 'steps' should be an integer from 2",
        "\"guidance_scale\": 5.0|\"guidance_scale\": -0.5|should be a number of at least 0",
        "\"guidance_scale\": 5.0|\"guidance_scale\": 1e39|that a 32-bit float holds",
        "\"time_shift\": 3.0|\"time_shift\": 0|'time_shift' should be a number above 0",
        "\"solver\": \"euler\"|\"solver\": 5|'solver' should be a string, found 5",
      })
  void refusesValuesOutOfRange(String from, String to, String message) {
    assertTrue(JSON.contains(from), from);
    assertRefused(JSON.replace(from, to), message);
  }

  private static void assertRefused(String json, String... parts) {
    assertFails(InvalidModelException.class, () -> BundleManifest.parse(json, "test"), parts);
  }
}
