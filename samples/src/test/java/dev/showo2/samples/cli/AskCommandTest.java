package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AskCommandTest {

  @TempDir private static Path folder;

  private static Path picture;

  @BeforeAll
  static void draw() {
    picture = folder.resolve("red.png");
    Cli.Result result = Cli.run("generate", "a red circle", "--out", picture, "--seed", 7);
    assertEquals(0, result.code(), result.err());
  }

  @Test
  void standardOutputGetsTheAnswerAlone() {
    Cli.Result result = Cli.run("ask", picture, "What is in the image?");
    assertEquals(0, result.code(), result.err());
    assertEquals("A red circle." + System.lineSeparator(), result.out());
    assertEquals("", result.err());
  }

  @Test
  void answersInChinese() {
    Cli.Result result = Cli.run("ask", picture, "这个形状是什么颜色?", "--seed", 1);
    assertEquals("红色。" + System.lineSeparator(), result.out(), result.err());
  }

  @Test
  void streamedAnswerIsTheSame() {
    Cli.Result plain = Cli.run("ask", picture, "Describe the image in detail.");
    Cli.Result streamed = Cli.runOnTerminal("ask", picture, "Describe the image in detail.");
    assertTrue(plain.out().contains("red circle"), plain.out());
    assertEquals(plain.out(), streamed.out());
  }

  @Test
  void cutAnswerIsMentioned() {
    Cli.Result result = Cli.run("ask", picture, "What is in the image?", "--max-tokens", 2);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("cut off after 2 tokens"), result.err());
    assertTrue("A red circle.".startsWith(result.out().strip()), result.out());
  }
}
