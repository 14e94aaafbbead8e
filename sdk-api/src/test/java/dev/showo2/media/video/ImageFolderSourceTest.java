package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderSourceTest {

  @TempDir Path directory;

  @Test
  void imagesComeInTheOrderOfTheirNumbers() throws IOException {
    List<BufferedImage> frames = Clips.numbered(8, 8, 12);
    for (int i = 0; i < frames.size(); i++) {
      PngWriter.write(frames.get(i), PngText.NONE, directory.resolve("shot" + (i + 1) + ".png"));
    }
    Files.writeString(directory.resolve("notes.txt"), "not a frame");
    Files.writeString(directory.resolve("._shot1.png"), "not a frame either");
    Files.createDirectory(directory.resolve("folder.png"));
    List<Integer> order = Clips.read(directory).stream().map(Clips::number).toList();
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), order);
  }

  @Test
  void formatsMayBeMixed() throws IOException {
    ImageIO.write(Clips.plain(8, 8, 0x102030), "bmp", directory.resolve("1.BMP").toFile());
    ImageIO.write(Clips.plain(8, 8, 0x405060), "gif", directory.resolve("2.gif").toFile());
    ImageIO.write(Clips.plain(8, 8, 0x808080), "jpg", directory.resolve("3.Jpeg").toFile());
    assertEquals(
        List.of(0xff102030, 0xff405060, 0xff808080),
        Clips.read(directory).stream().map(frame -> frame.getRGB(4, 4)).toList());
  }

  @Test
  void folderWithoutImagesIsNamed() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "nothing to see");
    assertEquals(
        "a video was expected (MP4, WebM or the like, an animated GIF or a folder of images), but "
            + directory
            + " is a folder without images: none of its files ends with .png, .jpg, .jpeg, .bmp,"
            + " .gif",
        assertThrows(InvalidRequestException.class, () -> VideoReader.open(directory))
            .getMessage());
  }

  @Test
  void corruptImageIsNamed() throws IOException {
    PngWriter.write(Clips.plain(4, 4, 0), PngText.NONE, directory.resolve("1.png"));
    Path bad = Files.writeString(directory.resolve("2.png"), "no image");
    assertEquals(
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected, but "
            + bad
            + " begins with 6e 6f 20 69 6d 61 67 65 \"no image\"",
        assertThrows(InvalidRequestException.class, () -> Clips.read(directory)).getMessage());
  }

  @Test
  void closedSourceGivesNothing() {
    PngWriter.write(Clips.plain(4, 4, 0), PngText.NONE, directory.resolve("1.png"));
    FrameSource source = VideoReader.open(directory);
    source.close();
    assertThrows(IllegalStateException.class, source::next);
  }
}
