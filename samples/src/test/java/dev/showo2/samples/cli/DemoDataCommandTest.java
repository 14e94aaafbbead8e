package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.demo.world.generate.World;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.video.FrameSource;
import dev.showo2.media.video.VideoReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataCommandTest {

  @TempDir private Path folder;

  @Test
  void everyPathLeadsToAnImageOrVideo() throws IOException {
    Path out = write("data", 4, 5);
    World world = new World(5);
    int line = 0;
    for (String text : Files.readAllLines(out.resolve("prompts.jsonl"))) {
      JsonObject entry = JsonParser.parseString(text).getAsJsonObject();
      assertEquals(world.drawing(line).prompt().text(), entry.get("prompt").getAsString());
      assertImage(out, entry.get("path"));
      line++;
    }
    assertEquals(4, line);
    List<String> captions = Files.readAllLines(out.resolve("captions.jsonl"));
    assertEquals(4, captions.size());
    for (int i = 0; i < 4; i++) {
      JsonObject entry = JsonParser.parseString(captions.get(i)).getAsJsonObject();
      assertEquals(world.drawing(i).caption(), entry.get("prompt").getAsString());
      assertImage(out, entry.get("path"));
    }
    for (String text : Files.readAllLines(out.resolve("videos.jsonl"))) {
      assertVideo(out, JsonParser.parseString(text).getAsJsonObject().get("path"));
    }
    for (JsonElement each : array(out, "stories.json")) {
      JsonArray images = each.getAsJsonObject().getAsJsonArray("images");
      assertEquals(images.size(), each.getAsJsonObject().getAsJsonArray("captions").size());
      images.forEach(image -> assertImage(out, image));
    }
    assertEquals(
        world.story(0).prompt().text() + world.story(0).prompt().texts().get(0),
        array(out, "stories.json")
            .get(0)
            .getAsJsonObject()
            .getAsJsonArray("captions")
            .get(0)
            .getAsString());
  }

  @Test
  void conversationsAreInTheFormOfLlava() throws IOException {
    Path out = write("data", 4, 5);
    JsonArray images = array(out, "questions.json");
    JsonArray videos = array(out, "video-questions.json");
    assertEquals(12, images.size());
    assertEquals(4, videos.size());
    int severalTurns = 0;
    for (JsonElement each : images) {
      JsonObject entry = each.getAsJsonObject();
      JsonArray turns = entry.getAsJsonArray("conversations");
      String question = turns.get(0).getAsJsonObject().get("value").getAsString();
      assertEquals(entry.has("image"), question.startsWith("<image>\n"), question);
      if (entry.has("image")) {
        assertImage(out, entry.get("image"));
      }
      for (int i = 0; i < turns.size(); i++) {
        assertEquals(
            i % 2 == 0 ? "human" : "gpt", turns.get(i).getAsJsonObject().get("from").getAsString());
      }
      severalTurns += turns.size() > 2 ? 1 : 0;
    }
    assertTrue(severalTurns >= 4, severalTurns + " of several turns");
    for (JsonElement each : videos) {
      assertVideo(out, each.getAsJsonObject().get("video"));
    }
  }

  @Test
  void theSeedDecidesOnEveryByte() throws IOException {
    Map<String, String> first = content(write("a", 3, 1));
    assertEquals(first, content(write("b", 3, 1)));
    assertNotEquals(first, content(write("c", 3, 2)));
  }

  @Test
  void refusesNumbersOutOfRangeAndFoldersWithFiles() throws IOException {
    Cli.Result none = Cli.run("demo-data", "--out", folder.resolve("x"), "--count", 0);
    assertEquals(2, none.code());
    assertTrue(none.err().contains("--count: 1 to 100000 are needed, found 0"), none.err());
    assertFalse(Files.exists(folder.resolve("x")));
    Files.writeString(folder.resolve("mine.txt"), "mine");
    assertEquals(2, Cli.run("demo-data", "--out", folder).code());
  }

  private Path write(String name, int count, long seed) {
    Path out = folder.resolve(name);
    Cli.Result result =
        Cli.run("demo-data", "--out", out, "--count", count, "--seed", seed, "--json");
    assertEquals(0, result.code(), result.err());
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertEquals(7 * count, json.get("examples").getAsInt());
    return out;
  }

  private static JsonArray array(Path out, String file) throws IOException {
    return JsonParser.parseString(Files.readString(out.resolve(file))).getAsJsonArray();
  }

  private static void assertImage(Path out, JsonElement path) {
    assertEquals(64, ImageDecoder.read(out.resolve(path.getAsString())).getWidth());
  }

  private static void assertVideo(Path out, JsonElement path) {
    try (FrameSource frames = VideoReader.open(out.resolve(path.getAsString()))) {
      int count = 0;
      while (frames.next().isPresent()) {
        count++;
      }
      assertEquals(9, count);
    }
  }

  private static Map<String, String> content(Path out) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(
            out.relativize(file).toString(),
            Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
      }
    }
    return content;
  }
}
