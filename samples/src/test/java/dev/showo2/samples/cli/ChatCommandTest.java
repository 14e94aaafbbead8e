package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatCommandTest {

  private static final String GREETING = "Hello! I can draw coloured shapes and talk about them.";

  @TempDir private static Path folder;

  private static Path image;

  @BeforeAll
  static void draw() {
    image = folder.resolve("red.png");
    Cli.Result result =
        Cli.run("generate", "a red circle", "--out", image, "--seed", 7, "--steps", 10);
    assertEquals(0, result.code(), result.err());
  }

  @Test
  void answersLineByLine() {
    Cli.Result result =
        Cli.runOn(
            "Hello!\r\n\n/new\n/image "
                + image
                + "\nWhat is in the image?\nWhat color is the shape?\n/quit\nHello!\n",
            "chat");
    assertEquals(0, result.code(), result.err());
    assertEquals(List.of(GREETING, "A red circle.", "Red."), result.out().lines().toList());
    assertTrue(result.err().contains("the next question comes with " + image), result.err());
  }

  @Test
  void imageMayComeFirst() {
    Cli.Result result = Cli.runOn("What is in the image?", "chat", "--image", image);
    assertEquals("A red circle." + System.lineSeparator(), result.out(), result.err());
  }

  @Test
  void answersAsJson() {
    Cli.Result result = Cli.runOn("Hello!\nWho are you?\n", "chat", "--json", "--max-tokens", 5);
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    List<JsonObject> answers =
        result.out().lines().map(line -> JsonParser.parseString(line).getAsJsonObject()).toList();
    assertEquals(2, answers.size(), result.out());
    assertEquals("Hello!", answers.get(0).get("question").getAsString());
    assertTrue(GREETING.startsWith(answers.get(0).get("text").getAsString()), result.out());
    assertEquals("max_tokens", answers.get(0).get("finish").getAsString());
    assertEquals(5, answers.get(1).get("tokens").getAsInt());
  }

  @Test
  void firstLineThatFailsEndsIt() {
    Cli.Result unknown = Cli.runOn("/nope\nHello!\n", "chat");
    assertEquals(2, unknown.code());
    assertEquals("", unknown.out());
    assertTrue(
        unknown.err().contains("one of /image FILE, /new, /quit, found /nope"), unknown.err());
    Cli.Result missing = Cli.runOn("/image nope.png\n", "chat");
    assertEquals(2, missing.code());
    assertTrue(missing.err().contains("there is no file nope.png"), missing.err());
    Cli.Result tooLong = Cli.runOn("x".repeat((1 << 20) + 1), "chat");
    assertEquals(2, tooLong.code());
    assertTrue(tooLong.err().contains("a line of up to 1048576 characters"), tooLong.err());
  }

  @Test
  void imagesThatAreNone() {
    Cli.Result result = Cli.runOn("Hello!\n", "chat", "--image", "nope.png");
    assertEquals(2, result.code());
    assertTrue(result.err().contains("there is no file nope.png"), result.err());
  }
}
