package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.media.ImageDecoder;
import dev.showo2.media.PngText;
import dev.showo2.samples.testing.Trees;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {

  @TempDir private Path folder;

  @Test
  void drawsPictureAndSaysWhereItIs() throws IOException {
    Path file = folder.resolve("red.png");
    Cli.Result result =
        Cli.run(
            "generate",
            "a red circle",
            "--out",
            file,
            "--seed",
            7,
            "--steps",
            10,
            "--solver",
            "midpoint",
            "--guidance",
            2.5);

    assertEquals(0, result.code(), result.err());
    assertEquals("Wrote " + file + " (seed 7)" + System.lineSeparator(), result.out());
    assertTrue(result.err().contains("drawing: step 9 of 9"), result.err());
    BufferedImage image = ImageDecoder.read(file);
    assertEquals(List.of(64, 64), List.of(image.getWidth(), image.getHeight()));
    Map<String, String> settings = PngText.read(file).entries();
    assertEquals("a red circle", settings.get("prompt"));
    assertEquals("7", settings.get("seed"));
    assertEquals("10", settings.get("steps"));
    assertEquals("midpoint", settings.get("solver"));
    assertEquals("2.5", settings.get("guidance_scale"));
    assertEquals("onnx", settings.get("backend"));
    assertEquals(List.of("red.png"), Trees.names(folder));
  }

  @Test
  void sameSeedGivesSameFile() throws IOException {
    Path one = folder.resolve("one.png");
    Path two = folder.resolve("two.png");
    for (Path file : List.of(one, two)) {
      int threads = file.equals(one) ? 1 : 2;
      Cli.Result result =
          Cli.run(
              "generate",
              "一个蓝色十字形",
              "--out",
              file,
              "--seed",
              -3,
              "--steps",
              5,
              "--backend",
              "onnx",
              "--threads",
              threads);
      assertEquals(0, result.code(), result.err());
    }
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }

  @Test
  void chosenSeedIsTold() throws IOException {
    Path file = folder.resolve("any.png");
    Cli.Result result = Cli.run("generate", "", "--out", file, "--steps", 2);
    assertEquals(0, result.code(), result.err());
    String seed = PngText.read(file).entries().get("seed");
    assertTrue(result.out().endsWith("(seed " + seed + ")" + System.lineSeparator()), result.out());
  }

  @Test
  void terminalGetsBar() {
    Cli.Result result =
        Cli.runOnTerminal(
            "generate", "@ sign first", "--out", folder.resolve("x.png"), "--steps", 3);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("\rdrawing 100% ["), result.err());
    assertTrue(result.err().endsWith(System.lineSeparator()), result.err());
    assertTrue(result.err().contains("2/2"), result.err());
  }

  @Test
  void interruptLeavesNoFile() throws IOException {
    Thread.currentThread().interrupt();
    Cli.Result result;
    try {
      result = Cli.run("generate", "a red circle", "--out", folder.resolve("x.png"));
    } finally {
      Thread.interrupted();
    }
    assertEquals(130, result.code(), result.err());
    assertTrue(result.err().contains("showo2: interrupted"), result.err());
    assertEquals(List.of(), Trees.names(folder));
  }
}
