package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.MediaFixtures;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedResizeTest {

  private static final int[][] SIZES = {{37, 29}, {29, 37}, {3, 50}, {50, 2}, {1, 1}, {8, 8}};
  private static final int[][] TARGETS = {{8, 8}, {16, 9}, {1, 1}, {40, 40}, {5, 30}};

  @TempDir Path directory;

  /** The test would not see a difference in an image that is symmetric. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void middleIsTheSameAsOfTheWholeImage(int orientation) throws IOException {
    for (int[] size : SIZES) {
      byte[] file = turned(MediaFixtures.noise(size[0], size[1], 7), orientation);
      Path path = Files.write(directory.resolve("image.png"), file);
      BufferedImage whole = ImageDecoder.read(path);
      Dimension upright = new Dimension(whole.getWidth(), whole.getHeight());
      assertEquals(
          upright, ImageFiles.read(path, image -> new Dimension(image.width(), image.height())));
      for (int[] target : TARGETS) {
        BufferedImage middle = ImageDecoder.readCovering(path, target[0], target[1]);
        assertEquals(target[0], middle.getWidth());
        assertEquals(target[1], middle.getHeight());
        assertArrayEquals(
            ImagePreprocessor.centerCrop(whole, target[1], target[0]).values(),
            ImagePreprocessor.centerCrop(middle, target[1], target[0]).values(),
            () -> size[0] + "x" + size[1] + " to " + target[0] + "x" + target[1]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 6})
  void largeImageIsNeverInMemoryAsAWhole(int orientation) throws IOException {
    BufferedImage gradient = new BufferedImage(3000, 2000, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < gradient.getHeight(); y++) {
      for (int x = 0; x < gradient.getWidth(); x++) {
        gradient.setRGB(x, y, x / 12 << 16 | y / 8 << 8);
      }
    }
    byte[] png = turned(gradient, orientation);
    for (byte[] file : List.of(png, jpeg(gradient, false), jpeg(gradient, true))) {
      Path path = Files.write(directory.resolve("large"), file);
      ImageDecoder.readCovering(path, 64, 64);
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      ImageDecoder.readCovering(path, 64, 64);
      long taken = threads.getCurrentThreadAllocatedBytes() - before;
      assertTrue(taken < file.length + 3_000_000, taken + " bytes for 6 million pixels");
    }
  }

  private static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam settings = writer.getDefaultWriteParam();
    settings.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
    return file.toByteArray();
  }

  /** A PNG file with a text that holds the orientation, between its header and its pixels. */
  private static byte[] turned(BufferedImage image, int orientation) {
    byte[] png = FuzzedImage.write(image, "png");
    byte[] text = ("XML:com.adobe.xmp\0tiff:Orientation=\"" + orientation).getBytes();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(png, 0, 33);
    out.writeBytes(new byte[] {0, 0, 0, (byte) text.length, 't', 'E', 'X', 't'});
    out.writeBytes(text);
    out.writeBytes(new byte[4]); // the checksum of a text is not compared
    out.write(png, 33, png.length - 33);
    return out.toByteArray();
  }
}
