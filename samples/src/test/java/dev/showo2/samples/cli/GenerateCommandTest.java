package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.PngText;
import dev.showo2.samples.testing.Trees;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCommandTest {

  @TempDir private Path folder;

  @Test
  void drawsImageAndSaysWhereItIs() throws IOException {
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
  void approximationsAreWrittenDown() throws IOException {
    Path file = folder.resolve("red.png");
    Cli.Result result =
        Cli.run(
            "generate",
            "a red circle",
            "--out",
            file,
            "--preset",
            "balanced",
            "--guidance-start",
            0.1);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("drawing: step 25 of 25"), result.err());
    Map<String, String> settings = PngText.read(file).entries();
    assertEquals("26", settings.get("steps"));
    assertEquals("velocity:2", settings.get("reuse"));
    assertEquals("0.1", settings.get("guidance_start"));
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

  @Test
  void severalImagesHaveConsecutiveSeeds() throws IOException {
    Path file = folder.resolve("red.png");
    Cli.Result result =
        Cli.run(
            "generate",
            "a red circle",
            "--out",
            file,
            "--images",
            2,
            "--seed",
            7,
            "--steps",
            3,
            "--json");
    assertEquals(0, result.code(), result.err());
    assertEquals("", result.err());
    JsonArray images =
        JsonParser.parseString(result.out()).getAsJsonObject().getAsJsonArray("images");
    assertEquals(2, images.size());
    for (int i = 0; i < 2; i++) {
      JsonObject image = images.get(i).getAsJsonObject();
      Path written = folder.resolve("red-" + (i + 1) + ".png");
      assertEquals(written.toString(), image.get("file").getAsString());
      assertEquals(7 + i, image.get("seed").getAsLong());
      assertEquals(PngText.read(written).entries().get("seed"), "" + (7 + i));
    }
    assertEquals(List.of("red-1.png", "red-2.png"), Trees.names(folder));
  }

  @Test
  void bestOfSeveralIsWritten() throws IOException {
    Path file = folder.resolve("best.png");
    Object[] args = {
      "generate", "A red circle.", "--out", file, "--best-of", 3, "--seed", 7, "--steps", 5
    };
    Cli.Result result = Cli.run(args);
    assertEquals(0, result.code(), result.err());
    String seed = PngText.read(file).entries().get("seed");
    List<String> lines = result.out().lines().toList();
    assertEquals("Wrote " + file + " (seed " + seed + ", the best of 3)", lines.get(0));
    assertEquals(5, lines.size(), result.out());
    assertTrue(lines.get(2).matches("  " + seed + " +-\\d+\\.\\d{4}"), result.out());
    assertTrue(result.err().contains("drawing 3: step 4 of 4"), result.err());

    Object[] judged = Arrays.copyOf(args, args.length + 3);
    judged[args.length] = "--json";
    judged[args.length + 1] = "--judge";
    judged[args.length + 2] = "Is it red?";
    JsonObject json = JsonParser.parseString(Cli.run(judged).out()).getAsJsonObject();
    JsonObject best = json.getAsJsonArray("images").get(0).getAsJsonObject();
    JsonArray candidates = json.getAsJsonArray("candidates");
    assertEquals(3, candidates.size());
    assertEquals(
        best.get("seed").getAsLong(), candidates.get(0).getAsJsonObject().get("seed").getAsLong());
    double score = best.get("score").getAsDouble();
    for (int i = 0; i < 3; i++) {
      assertTrue(candidates.get(i).getAsJsonObject().get("score").getAsDouble() <= score);
    }
  }

  @Test
  void previewIsOfTheSizeOfTheImage() throws IOException {
    Path preview = folder.resolve("preview.png");
    Cli.Result result =
        Cli.run(
            "generate",
            "a red circle",
            "--out",
            folder.resolve("x.png"),
            "--steps",
            10,
            "--seed",
            7,
            "--preview",
            preview,
            "--preview-every",
            9);
    assertEquals(0, result.code(), result.err());
    BufferedImage image = ImageDecoder.read(preview);
    assertEquals(List.of(64, 64), List.of(image.getWidth(), image.getHeight()));
    int middle = image.getRGB(32, 32);
    assertTrue((middle >> 16 & 0xff) > (middle & 0xff) + 60, Integer.toHexString(middle));
  }
}
