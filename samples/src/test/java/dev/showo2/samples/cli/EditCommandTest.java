package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.PngText;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditCommandTest {

  @TempDir private static Path shared;

  private static Path image;

  @TempDir private Path folder;

  @BeforeAll
  static void draw() {
    image = shared.resolve("red.png");
    Cli.Result result =
        Cli.run("generate", "a red circle", "--out", image, "--seed", 7, "--steps", 20);
    assertEquals(0, result.code(), result.err());
  }

  private Path edited(Object... more) {
    Path file = folder.resolve("edited.png");
    Object[] first = {"edit", image, "a blue circle", "--out", file, "--steps", 10, "--seed", 1};
    Object[] args = new Object[first.length + more.length];
    System.arraycopy(first, 0, args, 0, first.length);
    System.arraycopy(more, 0, args, first.length, more.length);
    Cli.Result result = Cli.run(args);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.out().startsWith("Wrote " + file + " (seed 1)"), result.out());
    return file;
  }

  @Test
  void colorChanges() throws IOException {
    Path file = edited("--strength", 0.9);
    assertEquals("Blue.", Cli.run("ask", file, "What color is the shape?").out().strip());
    assertEquals("0.9", PngText.read(file).entries().get("strength"));
  }

  @Test
  void whatTheMaskKeepsStays() throws IOException {
    BufferedImage mask = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = mask.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(32, 0, 32, 64);
    graphics.dispose();
    Path maskFile = folder.resolve("mask.png");
    ImageIO.write(mask, "png", maskFile.toFile());

    BufferedImage changed = ImageDecoder.read(edited("--mask", maskFile, "--strength", 1));
    BufferedImage before = ImageDecoder.read(image);
    for (int y = 0; y < 64; y++) {
      assertEquals(before.getRGB(8, y), changed.getRGB(8, y), "row " + y);
    }
    assertTrue(blueness(changed.getRGB(40, 32)) > blueness(before.getRGB(40, 32)) + 50);
  }

  @Test
  void transparentPartOfTheMaskChanges() throws IOException {
    BufferedImage before = ImageDecoder.read(image);
    BufferedImage hole = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 64 * 64; i++) {
      int alpha = i % 64 < 32 ? 0xff000000 : 0;
      hole.setRGB(i % 64, i / 64, before.getRGB(i % 64, i / 64) & 0xffffff | alpha);
    }
    Path maskFile = folder.resolve("hole.png");
    ImageIO.write(hole, "png", maskFile.toFile());

    BufferedImage changed = ImageDecoder.read(edited("--mask", maskFile, "--strength", 1));
    for (int y = 0; y < 64; y++) {
      assertEquals(before.getRGB(8, y), changed.getRGB(8, y), "row " + y);
    }
    assertTrue(blueness(changed.getRGB(40, 32)) > blueness(before.getRGB(40, 32)) + 50);
  }

  @Test
  void masksThatSelectNothingOrCanBeMeantInTwoWaysAreRefused() throws IOException {
    BufferedImage layer = new BufferedImage(64, 64, BufferedImage.TYPE_INT_ARGB);
    layer.setRGB(0, 0, 0xffffffff);
    Path maskFile = folder.resolve("layer.png");
    ImageIO.write(layer, "png", maskFile.toFile());
    Cli.Result result = refused(maskFile);
    assertTrue(result.err().contains("mask: white may change in a mask without"), result.err());

    BufferedImage black = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    ImageIO.write(black, "png", maskFile.toFile());
    result = refused(maskFile);
    assertTrue(result.err().contains("mask: something that may change is needed"), result.err());
  }

  private Cli.Result refused(Path maskFile) {
    Path file = folder.resolve("never.png");
    Cli.Result result = Cli.run("edit", image, "x", "--out", file, "--mask", maskFile);
    assertEquals(ExitCode.USAGE, result.code(), result.err());
    assertFalse(Files.exists(file));
    return result;
  }

  private static int blueness(int rgb) {
    return (rgb & 0xff) - (rgb >> 16 & 0xff);
  }

  @Test
  void imageGetsRoomAroundIt() throws IOException {
    Path small = folder.resolve("small.png");
    BufferedImage middle = ImageDecoder.read(image).getSubimage(8, 8, 48, 48);
    ImageIO.write(middle, "png", small.toFile());
    Path file = folder.resolve("wide.png");
    Cli.Result result =
        Cli.run(
            "edit",
            small,
            "a red circle",
            "--out",
            file,
            "--outpaint",
            "8,8,8,8",
            "--steps",
            5,
            "--json");
    assertEquals(0, result.code(), result.err());
    JsonObject json = JsonParser.parseString(result.out()).getAsJsonObject();
    assertEquals(file.toString(), json.get("file").getAsString());
    assertEquals(64, json.get("width").getAsInt());
    JsonObject settings = json.getAsJsonObject("settings");
    assertEquals("1.0", settings.get("strength").getAsString());
    assertEquals(json.get("seed").getAsString(), settings.get("seed").getAsString());
    BufferedImage wide = ImageDecoder.read(file);
    assertEquals(middle.getRGB(24, 24), wide.getRGB(32, 32));
  }

  @Test
  void lostPartsAreTold() throws IOException {
    Path file = folder.resolve("x.png");
    Cli.Result result =
        Cli.run("edit", image, "x", "--out", file, "--outpaint", "16,0,0,0", "--steps", 2);
    assertEquals(0, result.code(), result.err());
    assertTrue(result.err().contains("only the middle of 80x64 pixels was taken"), result.err());
  }
}
