package dev.showo2.media.video;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes GIFs of all kinds byte by byte. Colors of the palette: 0 black, 1 red, 2 green, 3 blue.
 */
final class GifClip {

  static final int KEEP = 1;
  static final int CLEAR = 2;
  static final int PREVIOUS = 3;

  private static final int NO_TRANSPARENCY = -1;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  GifClip(int width, int height) {
    bytes.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
    number(width);
    number(height);
    bytes.writeBytes(new byte[] {(byte) 0x81, 0, 0}); // a palette of four, background 0
    bytes.writeBytes(new byte[] {0, 0, 0, -1, 0, 0, 0, -1, 0, 0, 0, -1});
  }

  GifClip frame(int x, int y, int width, int disposal, int delay, String pixels) {
    return frame(x, y, width, disposal, delay, NO_TRANSPARENCY, false, pixels);
  }

  /**
   * @param transparent the color that is none
   * @param pixels digits, row by row
   */
  GifClip frame(
      int x,
      int y,
      int width,
      int disposal,
      int delay,
      int transparent,
      boolean interlaced,
      String pixels) {
    bytes.writeBytes(new byte[] {0x21, (byte) 0xf9, 4});
    bytes.write(disposal << 2 | (transparent == NO_TRANSPARENCY ? 0 : 1));
    number(delay);
    bytes.write(Math.max(0, transparent));
    bytes.write(0);
    return plainFrame(x, y, width, interlaced, pixels);
  }

  GifClip plainFrame(int x, int y, int width, boolean interlaced, String pixels) {
    bytes.write(0x2c);
    number(x);
    number(y);
    number(width);
    number(pixels.length() / width);
    bytes.write(interlaced ? 0x40 : 0);
    bytes.write(2); // bits of a pixel
    pixels(pixels);
    return this;
  }

  /** Codes of three bits that never grow, since the table is cleared after every second pixel. */
  private void pixels(String pixels) {
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    long bits = 0;
    int count = 0;
    StringBuilder codes = new StringBuilder();
    for (int i = 0; i < pixels.length(); i++) {
      codes.append(i % 2 == 0 ? "4" : "").append(pixels.charAt(i));
    }
    codes.append('5');
    for (char code : codes.toString().toCharArray()) {
      bits |= (long) (code - '0') << count;
      for (count += 3; count >= 8; count -= 8) {
        data.write((int) bits);
        bits >>= 8;
      }
    }
    data.write((int) bits);
    byte[] all = data.toByteArray();
    for (int from = 0; from < all.length; from += 255) {
      int length = Math.min(255, all.length - from);
      bytes.write(length);
      bytes.write(all, from, length);
    }
    bytes.write(0);
  }

  GifClip comment(String text) {
    bytes.writeBytes(new byte[] {0x21, (byte) 0xfe});
    bytes.write(text.length());
    bytes.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    bytes.write(0);
    return this;
  }

  private void number(int value) {
    bytes.write(value);
    bytes.write(value >> 8);
  }

  byte[] withoutTrailer() {
    return bytes.toByteArray();
  }

  Path write(Path file) {
    bytes.write(0x3b);
    try {
      return Files.write(file, bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
