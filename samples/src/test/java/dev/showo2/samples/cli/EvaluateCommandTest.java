package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo model is measured as its README says it is. */
class EvaluateCommandTest {

  @TempDir private Path folder;

  @Test
  void theDemoModelKnowsWhatItsReadmeSays() {
    JsonObject json = json("--only", "images,questions", "--count", 36, "--seed", 2);
    Map<String, JsonObject> shares = shares(json.getAsJsonArray("shares"));
    for (String attribute : new String[] {"color", "background", "size", "position"}) {
      assertTrue(share(shares, "images " + attribute) >= 0.95, shares::toString);
    }
    assertTrue(share(shares, "images shape") >= 0.75, shares::toString);
    for (String kind : new String[] {"content", "color", "shape", "place", "background", "size"}) {
      assertEquals(1, share(shares, "questions " + kind), 0.34, shares::toString);
    }
    assertEquals(12, shares.get("questions yes or no").get("count").getAsInt());
    assertEquals(12, shares.get("questions all, chinese").get("count").getAsInt());
    JsonObject color = shares.get("images color");
    assertTrue(color.get("low").getAsDouble() < color.get("share").getAsDouble());
    assertTrue(color.get("high").getAsDouble() <= 1);
  }

  @Test
  void everyPartHasItsLinesAndAModelEqualsItself() throws IOException {
    JsonObject json =
        json("--count", 3, "--steps", 2, "--against", TestCache.bundle(), "--seed", 5);
    assertEquals(json.get("shares"), json.get("against"));
    Map<String, JsonObject> shares = shares(json.getAsJsonArray("shares"));
    for (String line :
        new String[] {
          "chats later turns on an image",
          "chats later turns without an image",
          "videos direction, from text",
          "videos shape of last, from an image",
          "video-questions later turns of chats",
          "video-questions all, chinese",
          "stories text",
          "stories images one by one"
        }) {
      assertTrue(shares.containsKey(line), () -> line + " is not in " + shares.keySet());
    }
    assertEquals(3, shares.get("chats first turns on an image").get("count").getAsInt());
  }

  @Test
  void sharesStandSideBySide() {
    Cli.Result result =
        Cli.run("evaluate", "--only", "questions", "--count", 3, "--against", "demo");
    assertEquals(0, result.code(), result.err());
    String[] lines = result.out().split("\\R");
    assertTrue(lines[0].matches(" *questions +right +95 % +against +95 %"), () -> result.out());
    String last = lines[lines.length - 1];
    assertTrue(last.matches(" *all +\\S+ % of 3 +\\S+ to \\S+ +\\S+ % +\\S+ to \\S+"), () -> last);
  }

  @Test
  void refusesWhatCannotBeMeasured() throws IOException {
    assertRefused("--only: expected parts of images, questions", "--only", "poems");
    assertRefused("--count: 1 to 100000 are needed, found 0", "--count", 0);
    assertRefused("--steps: at least 2 are needed, found 1", "--steps", 1);
    assertRefused("--against: no bundle at", "--against", folder.resolve("none"));
    Files.writeString(folder.resolve("file"), "no bundle");
    Cli.Result result = Cli.run("evaluate", "--bundle", folder.resolve("file"));
    assertEquals(1, result.code(), result.err());
  }

  @Test
  void refusesModelsThatDrawInOtherSizes() {
    try (FixtureModels models = new FixtureModels()) {
      Cli.Result result = Cli.run("evaluate", "--bundle", models.bundle("tiny-b").directory());
      assertEquals(2, result.code());
      assertTrue(
          result.err().contains("images of the world have 64x64 pixels, this model draws 96x64"),
          result.err());
    }
  }

  private static void assertRefused(String message, Object option, Object value) {
    Cli.Result result = Cli.run("evaluate", option, value);
    assertEquals(2, result.code());
    assertTrue(result.err().contains(message), result.err());
    assertEquals("", result.out());
  }

  private static JsonObject json(Object... options) {
    Object[] args = new Object[options.length + 2];
    args[0] = "evaluate";
    args[1] = "--json";
    System.arraycopy(options, 0, args, 2, options.length);
    Cli.Result result = Cli.run(args);
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    return JsonParser.parseString(result.out()).getAsJsonObject();
  }

  private static Map<String, JsonObject> shares(JsonArray lines) {
    Map<String, JsonObject> shares = new TreeMap<>();
    for (JsonElement each : lines) {
      JsonObject line = each.getAsJsonObject();
      shares.put(line.get("part").getAsString() + " " + line.get("name").getAsString(), line);
    }
    return shares;
  }

  private static double share(Map<String, JsonObject> shares, String line) {
    return shares.get(line).get("share").getAsDouble();
  }
}
