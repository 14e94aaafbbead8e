package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskCommandTest {

  @TempDir private static Path folder;

  private static Path image;

  @BeforeAll
  static void draw() {
    image = folder.resolve("red.png");
    Cli.Result result = Cli.run("generate", "a red circle", "--out", image, "--seed", 7);
    assertEquals(0, result.code(), result.err());
  }

  @Test
  void standardOutputGetsTheAnswerAlone() {
    Cli.Result result = Cli.run("ask", image, "What is in the image?");
    assertEquals(0, result.code(), result.err());
    assertEquals("A red circle." + System.lineSeparator(), result.out());
    assertEquals("", result.err());
  }

  @Test
  void answersInChinese() {
    Cli.Result result = Cli.run("ask", image, "这个形状是什么颜色?", "--seed", 1);
    assertEquals("红色。" + System.lineSeparator(), result.out(), result.err());
  }

  @Test
  void streamedAnswerIsTheSame() {
    Cli.Result plain = Cli.run("ask", image, "Describe the image in detail.");
    Cli.Result streamed = Cli.runOnTerminal("ask", image, "Describe the image in detail.");
    assertTrue(plain.out().contains("red circle"), plain.out());
    assertEquals(plain.out(), streamed.out());
  }

  @Test
  void optionsReachTheBackend() {
    Cli.Result mapped =
        Cli.run(
            "ask",
            image,
            "What is in the image?",
            "--backend-option",
            "memory-map=true",
            "--backend-option",
            "dialect=portable");
    assertEquals(0, mapped.code(), mapped.err());
    assertEquals("A red circle.", mapped.out().strip());
    Cli.Result wrong =
        Cli.run("ask", image, "What is in the image?", "--backend-option", "memory-map=maybe");
    assertTrue(
        wrong.err().contains("option 'memory-map' of the backend 'onnx' is one of [false, true]"),
        wrong.err());
    Cli.Result none = Cli.run("ask", image, "What?", "--backend-option", "memory-map");
    assertEquals(2, none.code(), none.err());
    assertTrue(none.err().contains("--backend-option"), none.err());
  }

  @Test
  void cutAnswerIsMentioned() {
    Cli.Result result = Cli.run("ask", image, "What is in the image?", "--max-tokens", 2);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("cut off after 2 tokens"), result.err());
    assertTrue("A red circle.".startsWith(result.out().strip()), result.out());
  }

  @Test
  void severalImagesAreSeen() {
    Cli.Result result = Cli.run("ask", image, image, "What color is the shape?");
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().startsWith("Red"), result.out());
  }

  @Test
  void stopEndsTheAnswer() {
    Cli.Result result =
        Cli.run("ask", image, "What is in the image?", "--stop", "xyz", "--stop", " circle");
    assertEquals("A red" + System.lineSeparator(), result.out(), result.err());
  }

  @Test
  void chanceIsTheSeeds() {
    Object[] args = {
      "ask",
      image,
      "Describe the image.",
      "--temperature",
      5,
      "--top-k",
      20,
      "--top-p",
      0.99,
      "--repetition-penalty",
      1.2,
      "--max-tokens",
      20,
      "--seed",
      4,
      "--json"
    };
    Cli.Result once = Cli.run(args);
    assertEquals(0, once.code(), once.err());
    assertEquals(once.out(), Cli.run(args).out());
    JsonObject json = JsonParser.parseString(once.out()).getAsJsonObject();
    assertEquals(4, json.get("seed").getAsLong());
    args[args.length - 2] = 5;
    assertNotEquals(
        json.get("text"),
        JsonParser.parseString(Cli.run(args).out()).getAsJsonObject().get("text"));
  }
}
