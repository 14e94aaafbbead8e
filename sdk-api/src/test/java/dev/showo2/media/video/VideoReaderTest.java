package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VideoReaderTest {

  private static final String EXPECTED =
      "a video was expected (MP4, WebM or the like, an animated GIF or a folder of images), but ";

  @TempDir Path directory;

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("nowhere.mp4");
    assertEquals(EXPECTED + "there is no file " + file, message(file));
  }

  @Test
  void emptyFileIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("empty.mp4"));
    assertEquals(EXPECTED + file + " is empty", message(file));
  }

  @Test
  void textIsShownByItsFirstBytes() throws IOException {
    Path file = Files.writeString(directory.resolve("note.mp4"), "Hello, world");
    assertEquals(
        EXPECTED
            + file
            + " begins with 48 65 6c 6c 6f 2c 20 77 \"Hello, w\" and cannot be read as one"
            + " (its format is unsupported);"
            + " it is something else, truncated or corrupt",
        message(file));
  }

  @Test
  void stillImageIsNoVideo() throws IOException {
    Path file = directory.resolve("still.png");
    PngWriter.write(Clips.plain(4, 4, 0), PngText.NONE, file);
    assertEquals(EXPECTED + file + " is a PNG image; use it as an image instead", message(file));
  }

  @Test
  void audioIsNoVideo() throws IOException {
    ByteBuffer wave = ByteBuffer.allocate(1044).order(ByteOrder.LITTLE_ENDIAN);
    wave.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(1036);
    wave.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wave.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(8000);
    wave.putShort((short) 1).putShort((short) 8);
    wave.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(1000);
    Path file = Files.write(directory.resolve("sound.wav"), wave.array());
    assertEquals(
        EXPECTED
            + file
            + " begins with 52 49 46 46 0c 04 00 00 \"RIFF....\" and cannot be read as one (its"
            + " format is unsupported); it is something else, truncated or corrupt",
        message(file));
  }

  /** Playlists name other files and addresses, which a file from anywhere must not have opened. */
  @Test
  void playlistsAreNotFollowed() throws IOException {
    Path video = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.numbered(16, 16, 2), 8, video);
    for (String playlist :
        List.of(
            "ffconcat version 1.0\nfile clip.mp4\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nclip.mp4\n#EXT-X-ENDLIST\n",
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"
                + "#EXT-X-ENDLIST\n")) {
      Path file = Files.writeString(directory.resolve("list.mp4"), playlist);
      String message = message(file);
      assertTrue(message.startsWith(EXPECTED + file + " begins with "), message);
    }
  }

  @Test
  void randomBytesAreNoVideo() throws IOException {
    Random random = new Random(7);
    Path file = directory.resolve("random.mp4");
    for (int i = 0; i < 100; i++) {
      byte[] bytes = new byte[1 + random.nextInt(5000)];
      random.nextBytes(bytes);
      Files.write(file, bytes);
      assertTrue(message(file).contains(file.toString()), message(file));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm"})
  void truncatedAnywhereItIsRefused(String name) throws IOException {
    Path whole = directory.resolve(name);
    VideoWriter.write(Clips.smooth(32, 32, 9), 8, whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path file = directory.resolve("cut");
    for (int length = 1; length < bytes.length; length += 13) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertTrue(message(file).contains(file.toString()), message(file));
    }
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertTrue(message(file).contains("truncated"), message(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm"})
  void corruptBytesGiveFramesOrOneException(String name) throws IOException {
    Path whole = directory.resolve(name);
    VideoWriter.write(Clips.smooth(32, 32, 9), 8, whole);
    byte[] bytes = Files.readAllBytes(whole);
    Random random = new Random(5);
    Path file = directory.resolve("corrupt");
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] corrupt = bytes.clone();
      corrupt[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, corrupt);
      try {
        assertTrue(Clips.read(file).size() > 0);
      } catch (InvalidRequestException e) {
        refused++;
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
      }
    }
    assertTrue(refused > 20, refused + " were refused");
  }

  @Test
  void truncatedVideoIsDetectedByItsLength() throws IOException {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.smooth(32, 32, 9), 8, file);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertEquals(
        file
            + " is a video of at least "
            + bytes.length
            + " bytes that was truncated to "
            + (bytes.length - 1)
            + "; get it whole",
        message(file));
  }

  @Test
  void truncatedVideoWithoutALengthIsDetectedByItsSamples() throws IOException {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.smooth(32, 32, 9), 8, file);
    byte[] bytes = Files.readAllBytes(file);
    int last = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mdat") - 4;
    ByteBuffer.wrap(bytes).putInt(last, 0); // to the end of the file
    Files.write(file, bytes);
    assertEquals(9, Clips.read(file).size());
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertEquals(
        file
            + " is a video of at least "
            + bytes.length
            + " bytes that was truncated to "
            + (bytes.length - 1)
            + "; get it whole",
        message(file));
  }

  @Test
  void absurdSizeInTheHeaderIsRefused() throws IOException {
    Path file = directory.resolve("huge.mp4");
    VideoWriter.write(Clips.smooth(32, 32, 1), 8, file);
    byte[] bytes = Files.readAllBytes(file);
    int entry = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("avc1");
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.put(
        entry, "raw ".getBytes(StandardCharsets.US_ASCII)); // whose size is stored nowhere else
    header.putInt(entry + 28, -1);
    Files.write(file, bytes);
    assertEquals(
        file
            + " claims to have frames of 65535x65535 pixels; from 1 to 35389440 are read, so scale"
            + " it down first",
        message(file));
  }

  @Test
  void absurdSizeInAFrameIsRefusedBeforeItTakesMemory() throws IOException {
    Path file = Files.write(directory.resolve("huge.ivf"), ivfOfAHugeFrame());
    String message = message(file);
    assertTrue(message.startsWith(file + " "), message);
  }

  /** A file with the beginning of one VP9 frame, which says that it has 65536x65536 pixels. */
  private static byte[] ivfOfAHugeFrame() {
    byte[] frame = HEAD_OF_A_HUGE_FRAME;
    ByteBuffer file = ByteBuffer.allocate(32 + 12 + frame.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("DKIF".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) 32);
    file.put("VP90".getBytes(StandardCharsets.US_ASCII));
    file.putShort((short) 64).putShort((short) 64).putInt(8).putInt(1).putInt(1).putInt(0);
    file.putInt(frame.length).putLong(0).put(frame);
    return file.array();
  }

  /** Marker, profile 0, key frame, shown; sync code; BT.601; width and height less one: 65535. */
  private static final byte[] HEAD_OF_A_HUGE_FRAME =
      Arrays.copyOf(
          new byte[] {
            (byte) 0x82, 0x49, (byte) 0x83, 0x42, 0x2f, -1, -1, -1, -1, 0x00, 0x10, 0x20, 0x30
          },
          200);

  @Test
  void oneFrameIsAVideo() {
    for (String name : List.of("one.mp4", "one.webm", "one.gif", "one")) {
      Path file = directory.resolve(name);
      VideoWriter.write(Clips.smooth(20, 20, 1), 8, file);
      assertEquals(1, Clips.read(file).size(), name);
      assertEquals(4, VideoReader.sample(file, 4).size(), name);
    }
  }

  @Test
  void framesCanBeSkipped() {
    for (String name : List.of("clip.mp4", "clip.webm", "clip.gif", "clip")) {
      Path file = directory.resolve(name);
      VideoWriter.write(Clips.numbered(20, 20, 6), 8, file);
      try (FrameSource source = VideoReader.open(file)) {
        assertTrue(source.skip());
        assertEquals(1, Clips.number(source.next().orElseThrow()), name);
        assertTrue(source.skip());
        assertTrue(source.skip());
        assertEquals(List.of(4, 5), Clips.all(source).stream().map(Clips::number).toList());
        assertTrue(!source.skip() && source.next().isEmpty());
      }
    }
  }

  @Test
  void closedSourceGivesNothing() {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.numbered(20, 20, 2), 8, file);
    FrameSource source = VideoReader.open(file);
    source.next();
    source.close();
    source.close();
    assertEquals(
        "the source of frames is closed",
        assertThrows(IllegalStateException.class, source::next).getMessage());
    assertEquals(8, source.frameRate());
  }

  private static String message(Path file) {
    return assertThrows(InvalidRequestException.class, () -> Clips.read(file), file.toString())
        .getMessage();
  }
}
