package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.media.PngText;
import dev.showo2.samples.testing.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryCommandTest {

  private static final String PROMPT = "Draw a red circle, then make it blue.";

  @TempDir private Path folder;

  @Test
  void folderHoldsTextAndImages() throws IOException {
    Path story = folder.resolve("story");
    Cli.Result result = Cli.run("story", PROMPT, "--out", story, "--seed", 3, "--steps", 10);
    assertEquals(0, result.code(), result.err());
    Path text = story.resolve("story.md");
    assertEquals("Wrote " + text + " (2 images, seed 3)" + System.lineSeparator(), result.out());
    assertEquals(
        """
        # Draw a red circle, then make it blue.

        Here is a red circle.

        ![image 1](image-1.png)

        Now it is blue.

        ![image 2](image-2.png)
        """,
        Files.readString(text));
    assertEquals(List.of("image-1.png", "image-2.png", "story.md"), Trees.names(story));
    assertEquals(List.of("story"), Trees.names(folder));
    assertEquals("Red.", color(story.resolve("image-1.png")));
    assertEquals("Blue.", color(story.resolve("image-2.png")));
    assertEquals("3", PngText.read(story.resolve("image-1.png")).entries().get("seed"));
  }

  private static String color(Path image) {
    return Cli.run("ask", image, "What color is the shape?").out().strip();
  }

  @Test
  void seedThatWasToldGivesTheSameStory() throws IOException {
    Path first = folder.resolve("first");
    JsonObject told =
        JsonParser.parseString(
                Cli.run("story", PROMPT, "--out", first, "--steps", 2, "--images", 1, "--json")
                    .out())
            .getAsJsonObject();
    assertEquals(first.resolve("story.md").toString(), told.get("file").getAsString());
    assertEquals("image_limit", told.get("finish").getAsString());
    JsonArray parts = told.getAsJsonArray("parts");
    assertEquals(3, parts.size(), told.toString());
    assertTrue(parts.get(0).getAsJsonObject().get("text").getAsString().contains("red circle"));
    String image = parts.get(1).getAsJsonObject().get("file").getAsString();
    assertEquals(first.resolve("image-1.png").toString(), image);

    Path second = folder.resolve("second");
    Cli.Result again =
        Cli.run(
            "story",
            PROMPT,
            "--out",
            second,
            "--steps",
            2,
            "--images",
            1,
            "--seed",
            told.get("seed").getAsString());
    assertTrue(again.err().contains("would go on after 1 images; see --images"), again.err());
    for (String name : Trees.names(first)) {
      assertArrayEquals(
          Files.readAllBytes(first.resolve(name)), Files.readAllBytes(second.resolve(name)), name);
    }
  }

  @Test
  void storyThatComesToNoImage() throws IOException {
    Path story = folder.resolve("story");
    Cli.Result result =
        Cli.run("story", "a # [red] circle", "--out", story, "--max-tokens", 2, "--seed", 1);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().contains("(0 images, seed 1)"), result.out());
    assertTrue(result.err().contains("see --max-tokens and --stop"), result.err());
    assertTrue(result.err().contains("the story came to no image"), result.err());
    assertEquals(List.of("story.md"), Trees.names(story));
    String text = Files.readString(story.resolve("story.md"));
    assertTrue(text.startsWith("# a \\# \\[red\\] circle\n"), text);
  }

  @Test
  void filesThatAreThereStay() throws IOException {
    Files.writeString(folder.resolve("mine.txt"), "mine");
    Cli.Result result = Cli.run("story", PROMPT, "--out", folder);
    assertEquals(2, result.code());
    assertTrue(result.err().contains("the folder is not empty; name a new one"), result.err());
    assertEquals(List.of("mine.txt"), Trees.names(folder));
  }

  @Test
  void interruptLeavesNothing() throws IOException {
    Thread.currentThread().interrupt();
    Cli.Result result;
    try {
      result = Cli.run("story", PROMPT, "--out", folder.resolve("story"));
    } finally {
      Thread.interrupted();
    }
    assertEquals(130, result.code(), result.err());
    assertEquals(List.of(), Trees.names(folder));
  }
}
