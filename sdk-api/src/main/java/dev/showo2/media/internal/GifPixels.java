package dev.showo2.media.internal;

import java.io.EOFException;
import java.io.IOException;

/**
 * Decompresses the pixels of a GIF: LZW with codes of growing size. Takes what other programs write
 * and the reader of javax.imageio mistakes or refuses: repeated clear codes, and first codes of
 * more bits than colors need. Not thread-safe.
 */
final class GifPixels {

  private static final int MAX_CODE_BITS = 12;
  private static final int MAX_CODES = 1 << MAX_CODE_BITS;
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private final byte[] data;
  private final int bits;
  private final int clear;
  private final byte[] last = new byte[MAX_CODES];
  private final short[] before = new short[MAX_CODES];
  private final byte[] string = new byte[MAX_CODES + 1];

  private int at;
  private int word;
  private int count;

  private int codeBits;
  private int nextCode;

  /** The code before; -1 behind a clear code. */
  private int previous = -1;

  /** The first pixel of the code before. */
  private byte first;

  private GifPixels(byte[] data, int bits) {
    this.data = data;
    this.bits = bits;
    this.clear = 1 << bits;
    clear();
  }

  /**
   * Decompresses an image.
   *
   * @param frame the image; its size has been checked
   * @return a color index for each pixel, row by row
   * @throws IOException if the data is corrupt or ends too early
   */
  static byte[] decode(GifFrame frame) throws IOException {
    if (frame.codeBits() > MAX_CODE_BITS) {
      throw new IOException("its codes begin with " + frame.codeBits() + " bits");
    }
    byte[] pixels = new byte[Math.multiplyExact(frame.width(), frame.height())];
    new GifPixels(frame.data(), frame.codeBits()).decode(pixels);
    return frame.interlaced() ? inOrder(pixels, frame.width(), frame.height()) : pixels;
  }

  private void decode(byte[] pixels) throws IOException {
    int done = 0;
    while (done < pixels.length) {
      int code = nextCode();
      if (code == clear) {
        clear();
        continue;
      }
      if (code == clear + 1) {
        throw new EOFException("its pixels end too early");
      }
      int length = expand(code);
      int from = string.length - length;
      int taken = Math.min(length, pixels.length - done);
      System.arraycopy(string, from, pixels, done, taken);
      done += taken;
    }
  }

  private void clear() {
    codeBits = bits + 1;
    nextCode = clear + 2;
    previous = -1;
  }

  private int nextCode() throws EOFException {
    while (count < codeBits) {
      if (at == data.length) {
        throw new EOFException("the file ends within its pixels");
      }
      word |= (data[at++] & 0xff) << count;
      count += Byte.SIZE;
    }
    int code = word & (1 << codeBits) - 1;
    word >>>= codeBits;
    count -= codeBits;
    return code;
  }

  /** Writes the pixels of a code to the end of {@link #string} and returns their number. */
  private int expand(int code) throws IOException {
    int to = string.length;
    if (code > (previous < 0 ? clear : nextCode)) {
      throw new IOException("its pixels are corrupt: there is no code " + code);
    }
    int rest = code;
    if (previous >= 0 && code == nextCode) {
      string[--to] = first; // the code that is being made: the one before and its first pixel
      rest = previous;
    }
    while (rest >= clear) {
      string[--to] = last[rest];
      rest = before[rest];
    }
    first = (byte) rest;
    string[--to] = first;
    if (previous >= 0 && nextCode < MAX_CODES) {
      last[nextCode] = first;
      before[nextCode] = (short) previous;
      if (nextCode == (1 << codeBits) - 1 && codeBits < MAX_CODE_BITS) {
        codeBits++;
      }
      nextCode++;
    }
    previous = code;
    return string.length - to;
  }

  private static byte[] inOrder(byte[] stored, int width, int height) {
    byte[] ordered = new byte[stored.length];
    int row = 0;
    for (int[] pass : PASSES) {
      for (int y = pass[0]; y < height; y += pass[1]) {
        System.arraycopy(stored, row++ * width, ordered, y * width, width);
      }
    }
    return ordered;
  }
}
