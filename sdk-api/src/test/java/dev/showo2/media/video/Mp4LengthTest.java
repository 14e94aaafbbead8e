package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MP4 files whose boxes state other lengths than they have, which FFmpeg and players show. */
class Mp4LengthTest {

  private static final int FRAMES = 9;

  @TempDir Path directory;

  private byte[] mp4;

  @BeforeEach
  void write() throws IOException {
    Path file = directory.resolve("clip.mp4");
    VideoWriter.write(Clips.numbered(32, 32, FRAMES), 8, file);
    mp4 = Files.readAllBytes(file);
  }

  private int box(String type) {
    return new String(mp4, StandardCharsets.ISO_8859_1).indexOf(type) - 4;
  }

  private int length(int box) {
    return ByteBuffer.wrap(mp4).getInt(box);
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("other.mp4"), bytes);
  }

  private void requireAllFrames(byte[] bytes) throws IOException {
    var frames = Clips.read(file(bytes));
    assertEquals(FRAMES, frames.size());
    for (int i = 0; i < FRAMES; i++) {
      assertEquals(i, Clips.number(frames.get(i)));
    }
  }

  private void requireTruncated(byte[] bytes) throws IOException {
    Path file = file(bytes);
    String message =
        assertThrows(InvalidRequestException.class, () -> Clips.read(file)).getMessage();
    assertTrue(message.contains("truncated"), message);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 4096, 1 << 30})
  void dataThatClaimsTooMuch(int more) throws IOException {
    int data = box("mdat");
    assertEquals(mp4.length, data + length(data), "the data are the last box");
    ByteBuffer.wrap(mp4).putInt(data, length(data) + more);
    requireAllFrames(mp4);
    requireTruncated(Arrays.copyOf(mp4, mp4.length - 1));
  }

  @Test
  void dataThatReachToTheEnd() throws IOException {
    ByteBuffer.wrap(mp4).putInt(box("mdat"), 0);
    requireAllFrames(mp4);
    requireTruncated(Arrays.copyOf(mp4, mp4.length - 1));
  }

  @Test
  void freeBoxThatClaimsTooMuch() throws IOException {
    byte[] longer = Arrays.copyOf(mp4, mp4.length + 12);
    ByteBuffer.wrap(longer).putInt(mp4.length, 400).putInt(mp4.length + 4, 0x66726565);
    requireAllFrames(longer);
  }

  @Test
  void bytesBehindTheLastBox() throws IOException {
    requireAllFrames(Arrays.copyOf(mp4, mp4.length + 5));
  }

  @Test
  void headerThatClaimsTooMuch() throws IOException {
    byte[] last = headerLast();
    ByteBuffer boxes = ByteBuffer.wrap(last);
    int header = last.length - length(box("moov"));
    requireAllFrames(last);
    boxes.putInt(header, boxes.getInt(header) + 8);
    requireAllFrames(last);
  }

  @Test
  void headerThatIsTruncated() throws IOException {
    byte[] last = headerLast();
    int header = last.length - length(box("moov"));
    String boxes = new String(last, StandardCharsets.ISO_8859_1);
    int tables = boxes.indexOf("stbl", header) + 4;
    int end = boxes.indexOf("udta", header);
    for (int length = tables + 8; length < (end < 0 ? last.length : end - 4); length += 3) {
      Path file = file(Arrays.copyOf(last, length));
      String message =
          assertThrows(InvalidRequestException.class, () -> Clips.read(file)).getMessage();
      assertTrue(message.contains(file.toString()), message);
    }
  }

  /** As recorders write it: the data, and the header behind them. */
  private byte[] headerLast() throws IOException {
    int header = box("moov");
    int length = length(header);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(mp4, 0, header);
    out.write(mp4, header + length, mp4.length - header - length);
    out.write(mp4, header, length);
    byte[] last = out.toByteArray();
    ByteBuffer boxes = ByteBuffer.wrap(last);
    int offsets = new String(last, StandardCharsets.ISO_8859_1).indexOf("stco") + 12;
    for (int i = 0; i < boxes.getInt(offsets - 4); i++) {
      boxes.putInt(offsets + 4 * i, boxes.getInt(offsets + 4 * i) - length);
    }
    return last;
  }
}
