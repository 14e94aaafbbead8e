package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are written and read back. */
class VideoFilesTest {

  private static final int[] VIVID = {
    0, 0xff, 0xff00, 0xffff, 0xff0000, 0xff00ff, 0xffff00, 0xffffff
  };

  @TempDir Path directory;

  /** In levels of 255: the loss by 4:2:0 and by a palette of 256 colors. */
  @ParameterizedTest
  @CsvSource({"clip.mp4, 1.5", "clip.webm, 1.5", "clip.gif, 4", "clip, 0"})
  void smoothClipComesBack(String name, double bound) {
    List<BufferedImage> frames = Clips.smooth(96, 64, 17);
    Path file = directory.resolve(name);
    VideoWriter.write(frames, 8, file);
    assertEquals(List.of(name), Clips.names(directory));
    List<BufferedImage> back = Clips.read(file);
    assertEquals(17, back.size());
    for (int i = 0; i < 17; i++) {
      assertEquals(96, back.get(i).getWidth());
      assertEquals(64, back.get(i).getHeight());
      assertEquals(BufferedImage.TYPE_INT_RGB, back.get(i).getType());
      double difference = Clips.meanDifference(frames.get(i), back.get(i));
      assertTrue(difference <= bound, name + ", frame " + i + ": " + difference);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip"})
  void framesKeepTheirOrderAndColors(String name) {
    Path file = directory.resolve(name);
    VideoWriter.write(Clips.numbered(32, 32, 20), 25, file);
    List<BufferedImage> back = Clips.read(file);
    assertEquals(20, back.size());
    for (int i = 0; i < 20; i++) {
      assertEquals(i, Clips.number(back.get(i)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip"})
  void strongColorsStayStrong(String name) {
    Path file = directory.resolve(name);
    for (int rgb : new int[] {0xff0000, 0x00ff00, 0x0000ff, 0xffff00, 0xffffff, 0x000000}) {
      Path each = directory.resolve(Integer.toHexString(rgb) + name.replaceFirst("[^.]*", ""));
      VideoWriter.write(List.of(Clips.plain(48, 48, rgb)), 8, each);
      BufferedImage back = Clips.read(each).get(0);
      double difference = Clips.meanDifference(Clips.plain(48, 48, rgb), back);
      assertTrue(difference <= 3, file + " " + Integer.toHexString(rgb) + ": " + difference);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "clip.mp4, 8, 8",
    "clip.mp4, 29.97, 29.97",
    "clip.mp4, 0.5, 0.5",
    "clip.webm, 8, 8",
    "clip.webm, 24, 24",
    "clip.gif, 8, 8",
    "clip.gif, 50, 50",
    "clip.gif, 0.01, 0.01",
    "clip, 24, 8"
  })
  void frameRateIsKept(String name, double written, double read) {
    Path file = directory.resolve(name);
    VideoWriter.write(Clips.numbered(16, 16, 16), written, file);
    try (FrameSource source = VideoReader.open(file)) {
      assertEquals(read, source.frameRate(), 0.002 * read);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "clip.mp4, 33, 21, 34, 22",
    "clip.mp4, 1, 1, 2, 2",
    "clip.mp4, 17, 15, 18, 16",
    "clip.webm, 33, 21, 33, 21",
    "clip.webm, 1, 1, 1, 1",
    "clip.gif, 33, 21, 33, 21",
    "clip, 33, 21, 33, 21"
  })
  void oddSizes(String name, int width, int height, int readWidth, int readHeight) {
    List<BufferedImage> frames = Clips.smooth(width, height, 3);
    Path file = directory.resolve(name);
    VideoWriter.write(frames, 8, file);
    List<BufferedImage> back = Clips.read(file);
    assertEquals(3, back.size());
    assertEquals(readWidth, back.get(2).getWidth());
    assertEquals(readHeight, back.get(2).getHeight());
    double difference = Clips.meanDifference(frames.get(2), back.get(2));
    assertTrue(difference < 12, name + ": " + difference);
  }

  @Test
  void columnAndRowThatMp4AddsRepeatTheLast() {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.smooth(33, 21, 1), 8, file);
    BufferedImage back = Clips.read(file).get(0);
    assertEquals(back.getRGB(32, 10) >> 8 & 0xff, back.getRGB(33, 10) >> 8 & 0xff, 6);
    assertEquals(back.getRGB(10, 20) >> 16 & 0xff, back.getRGB(10, 21) >> 16 & 0xff, 6);
  }

  @Test
  void mp4IsH264ExceptWhereItsEncoderRefuses() throws IOException {
    Path usual = directory.resolve("usual.mp4");
    VideoWriter.write(Clips.smooth(64, 64, 2), 8, usual);
    assertTrue(latin1(usual).contains("avc1"));
    Path tiny = directory.resolve("tiny.mp4");
    VideoWriter.write(Clips.smooth(8, 8, 2), 8, tiny);
    assertTrue(latin1(tiny).contains("mp4v"));
    assertEquals(2, Clips.read(tiny).size());
  }

  /** Noise: the hardest input of an encoder, which exceeds its rate settings. */
  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm"})
  void noiseIsWritten(String name) {
    Random random = new Random(1);
    List<BufferedImage> frames = new ArrayList<>(Clips.smooth(256, 256, 3));
    for (int i = 0; i < 3; i++) {
      BufferedImage noise = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 256 * 256; pixel++) {
        noise.setRGB(pixel % 256, pixel / 256, VIVID[random.nextInt(VIVID.length)]);
      }
      frames.add(noise);
    }
    Path file = directory.resolve(name);
    VideoWriter.write(frames, 8, file);
    assertEquals(6, Clips.read(file).size());
  }

  @Test
  void mp4CanBePlayedBeforeItIsComplete() throws IOException {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.smooth(64, 64, 2), 8, file);
    String bytes = latin1(file);
    assertTrue(bytes.indexOf("moov") < bytes.indexOf("mdat"));
  }

  private static String latin1(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  @Test
  void namesOfAllKinds() {
    for (String name : List.of("two words.mp4", "%d.webm", "http:clip.mp4", "-i.mp4", "CLIP.MP4")) {
      if (name.contains(":") && System.getProperty("os.name").startsWith("Windows")) {
        continue;
      }
      Path file = directory.resolve(name);
      VideoWriter.write(Clips.numbered(16, 16, 2), 8, file);
      assertEquals(2, Clips.read(file).size());
    }
  }

  @Test
  void contentCountsAndNotTheName() throws IOException {
    Path gif = directory.resolve("clip.gif");
    VideoWriter.write(Clips.numbered(16, 16, 3), 8, gif);
    Path misnamed = Files.move(gif, directory.resolve("clip.mp4"));
    assertEquals(3, Clips.read(misnamed).size());
    Path webm = directory.resolve("clip.webm");
    VideoWriter.write(Clips.numbered(16, 16, 4), 8, webm);
    assertEquals(4, Clips.read(Files.move(webm, directory.resolve("clip"))).size());
  }

  @Test
  void imagesOfOtherTypesAreWritten() {
    BufferedImage gray = new BufferedImage(32, 32, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(5, 5, 0, 255);
    for (String name : List.of("clip.mp4", "clip.gif", "clip")) {
      Path file = directory.resolve(name);
      VideoWriter.write(List.of(gray), 8, file);
      BufferedImage back = Clips.read(file).get(0);
      assertTrue((back.getRGB(5, 5) & 0xff) > 150, name);
      assertTrue((back.getRGB(20, 20) & 0xff) < 10, name);
    }
  }

  @Test
  void folderIsNumberedFromOne() {
    VideoWriter.write(Clips.numbered(2, 2, 3), 8, directory.resolve("clip"));
    assertEquals(
        List.of("frame-0001.png", "frame-0002.png", "frame-0003.png"),
        Clips.names(directory.resolve("clip")));
  }
}
