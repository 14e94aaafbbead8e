package dev.showo2.media.jpeg.internal;

import java.io.EOFException;

/**
 * The bits of entropy-coded data, which end at a marker. Behind that there are zeros, as in
 * libjpeg; the end of the file is an error.
 */
final class EntropyBits {

  private static final int WORD = 64;

  private final JpegInput input;
  private long word;
  private int count;
  private boolean exhausted;

  EntropyBits(JpegInput input) {
    this.input = input;
  }

  /** Whether more bits were asked for than there are before the next marker. */
  boolean isExhausted() {
    return exhausted;
  }

  /** Drops what is left of the bits, as before a restart marker. */
  void drop() {
    word = 0;
    count = 0;
  }

  /** Starts again behind a marker. */
  void restart() {
    drop();
    exhausted = false;
  }

  int decode(HuffmanTable table) throws EOFException {
    if (count < HuffmanTable.MAX_BITS) {
      fill();
    }
    int next =
        count < HuffmanTable.MAX_BITS
            ? (int) (word << HuffmanTable.MAX_BITS - count)
            : (int) (word >>> count - HuffmanTable.MAX_BITS);
    int found = table.find(next & 0xffff);
    int bits = found >> 8;
    if (bits > count) {
      require(bits);
    }
    count -= bits;
    return found & 0xff;
  }

  /**
   * @param bits 0 to 16
   */
  int read(int bits) throws EOFException {
    if (bits > count) {
      require(bits);
    }
    count -= bits;
    return (int) (word >>> count) & (1 << bits) - 1;
  }

  /** Reads a number of the given size, with its sign. */
  int readSigned(int bits) throws EOFException {
    if (bits == 0) {
      return 0;
    }
    int value = read(bits);
    return value < 1 << bits - 1 ? value - (1 << bits) + 1 : value;
  }

  private void require(int bits) throws EOFException {
    fill();
    if (bits > count) {
      if (input.isAtEnd()) {
        throw new EOFException("the file ends within its pixels");
      }
      exhausted = true;
      word <<= WORD / 2;
      count += WORD / 2;
    }
  }

  private void fill() {
    while (count <= WORD - Byte.SIZE) {
      int next = input.entropyByte();
      if (next < 0) {
        return;
      }
      word = word << Byte.SIZE | next;
      count += Byte.SIZE;
    }
  }
}
