package dev.showo2.samples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.samples.testing.Trees;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file has the format that its name says. */
class ImageFileTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "x.png, png",
    "x.PNG, png",
    "x, png",
    "x.jpg, JPEG",
    "x.JPEG, JPEG",
    "x.bmp, bmp",
    "x.gif, gif",
    "x.tif, tif",
    "x.tiff, tif"
  })
  void theNameSaysTheFormat(String name, String format) throws IOException {
    Path file = folder.resolve(name);
    Cli.Result result =
        Cli.run("generate", "a red circle", "--steps", 4, "--seed", 7, "--out", file);
    assertEquals(0, result.code(), result.err());
    assertEquals(format, formatOf(file.toFile()));
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(List.of(64, 64), List.of(image.getWidth(), image.getHeight()));
    assertEquals(List.of(name), Trees.names(folder));
  }

  private static String formatOf(File file) throws IOException {
    try (ImageInputStream input = ImageIO.createImageInputStream(file)) {
      return ImageIO.getImageReaders(input).next().getFormatName();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"generate x --out", "generate x --preview", "edit IMAGE x --out"})
  void othersAreRefusedBeforeAnythingIsDrawn(String command) throws IOException {
    Path image = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    String[] words = command.replace("IMAGE", image.toString()).split(" ");
    Object[] args = new Object[words.length + 1];
    System.arraycopy(words, 0, args, 0, words.length);
    args[words.length] = folder.resolve("x.webp");
    Cli.Result result = Cli.run(args);
    assertEquals(ExitCode.USAGE, result.code());
    assertTrue(
        result.err().contains(".png, .jpg, .jpeg, .bmp, .gif, .tif or .tiff is needed, found"),
        result.err());
    assertEquals(List.of("gray.png"), Trees.names(folder));
  }

  @Test
  void changedImagesAndPreviewsToo() throws IOException {
    Path image = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY), "png", image.toFile());
    Path out = folder.resolve("out.jpg");
    Path preview = folder.resolve("preview.bmp");
    Cli.Result result =
        Cli.run(
            "edit",
            image,
            "x",
            "--out",
            out,
            "--steps",
            3,
            "--preview",
            preview,
            "--preview-every",
            1);
    assertEquals(0, result.code(), result.err());
    assertEquals("JPEG", formatOf(out.toFile()));
    assertEquals("bmp", formatOf(preview.toFile()));
  }
}
