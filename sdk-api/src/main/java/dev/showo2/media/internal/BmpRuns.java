package dev.showo2.media.internal;

import java.io.EOFException;
import java.nio.ByteBuffer;

/** Run lengths of a Windows bitmap. Pixels that runs leave out have the first color. */
final class BmpRuns {

  private static final int END_OF_ROW = 0;
  private static final int END = 1;
  private static final int MOVE = 2;

  private final ByteBuffer file;
  private final int width;
  private final int bits;
  private final byte[] indices;
  private int at;
  private int x;
  private int y;

  private BmpRuns(ByteBuffer file, int at, int width, int height, int bits) {
    this.file = file;
    this.at = at;
    this.width = width;
    this.bits = bits;
    this.indices = new byte[Math.multiplyExact(width, height)];
  }

  /**
   * Decodes all runs.
   *
   * @return the color of each pixel, in the order of the file's rows
   * @throws EOFException if the file ends before the runs do
   */
  static byte[] decode(ByteBuffer file, int at, int width, int height, int bits)
      throws EOFException {
    BmpRuns runs = new BmpRuns(file, at, width, height, bits);
    while ((long) runs.y * width + runs.x < runs.indices.length && runs.next()) {
      // Every run goes to its pixels.
    }
    return runs.indices;
  }

  private boolean next() throws EOFException {
    int count = read();
    int value = read();
    if (count > 0) {
      for (int i = 0; i < count; i++) {
        put(bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15);
      }
      return true;
    }
    switch (value) {
      case END_OF_ROW -> {
        x = 0;
        y++;
      }
      case END -> {
        return false;
      }
      case MOVE -> {
        x = Math.min(width, x + read());
        y += read();
      }
      default -> {
        int bytes = bits == 8 ? value : (value + 1) / 2;
        for (int i = 0; i < value; i++) {
          int pixels = bits == 8 || i % 2 == 0 ? read() : file.get(at - 1) & 0xff;
          put(bits == 8 ? pixels : i % 2 == 0 ? pixels >> 4 : pixels & 15);
        }
        at += bytes % 2; // runs begin at every second byte
      }
    }
    return true;
  }

  private void put(int index) {
    if (x < width && (long) y * width + x < indices.length) {
      indices[y * width + x++] = (byte) index;
    }
  }

  private int read() throws EOFException {
    if (at < 0 || at >= file.limit()) {
      throw new EOFException("the file ends within its pixels");
    }
    return file.get(at++) & 0xff;
  }
}
