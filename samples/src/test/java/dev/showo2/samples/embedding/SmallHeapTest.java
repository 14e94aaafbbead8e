package dev.showo2.samples.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.video.VideoReader;
import dev.showo2.samples.testing.ChildJvm;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is smaller than an image. */
class SmallHeapTest {

  @TempDir private Path folder;

  /** Reads an image and a folder of images as a video. */
  static final class Reader {

    private Reader() {}

    public static void main(String[] args) {
      Path image = Path.of(args[0]);
      print(() -> ImageDecoder.read(image));
      print(() -> VideoReader.sample(image.getParent(), 2));
    }

    private static void print(Runnable reading) {
      try {
        reading.run();
        System.out.println("read");
      } catch (InsufficientMemoryException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  void imageThatDoesNotFitIsALackOfMemory() throws Exception {
    Path images = Files.createDirectory(folder.resolve("images"));
    Path image = images.resolve("1.png");
    // 96 MB once decoded.
    ImageIO.write(
        new BufferedImage(6000, 4000, BufferedImage.TYPE_BYTE_BINARY), "png", image.toFile());
    List<String> command =
        new ArrayList<>(ChildJvm.command(Reader.class.getName(), image.toString()));
    command.add(1, "-Xmx64m");
    ChildJvm.Result result = ChildJvm.run(folder, Map.of(), command);
    assertEquals("", result.err());
    List<String> lines = result.out().lines().toList();
    assertEquals(2, lines.size(), result.out());
    for (String line : lines) {
      assertEquals(
          "the heap of 64 MiB is too small to read "
              + image
              + ", which takes four bytes a pixel; raise -Xmx or scale the image down",
          line);
    }
  }
}
