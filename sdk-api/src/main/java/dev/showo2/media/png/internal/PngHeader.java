package dev.showo2.media.png.internal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The chunk IHDR.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bits of a sample
 * @param color its type
 * @param interlaced whether the rows come in seven passes
 */
record PngHeader(int width, int height, int bits, Color color, boolean interlaced) {

  static final int BYTES = 13;

  /** The samples of a pixel. */
  enum Color {
    GRAY(0, 1, 1, 2, 4, 8, 16),
    RGB(2, 3, 8, 16),
    PALETTE(3, 1, 1, 2, 4, 8),
    GRAY_ALPHA(4, 2, 8, 16),
    RGB_ALPHA(6, 4, 8, 16);

    private final int code;
    private final int samples;
    private final int[] depths;

    Color(int code, int samples, int... depths) {
      this.code = code;
      this.samples = samples;
      this.depths = depths;
    }

    int samples() {
      return samples;
    }

    private boolean has(int depth) {
      for (int each : depths) {
        if (each == depth) {
          return true;
        }
      }
      return false;
    }
  }

  static PngHeader read(ByteBuffer chunk) throws IOException {
    if (chunk.remaining() < BYTES) {
      throw new IOException("its header has " + chunk.remaining() + " bytes");
    }
    int width = chunk.getInt();
    int height = chunk.getInt();
    int bits = chunk.get();
    int code = chunk.get();
    int compression = chunk.get();
    int filter = chunk.get();
    boolean interlaced = chunk.get() != 0;
    if (compression != 0 || filter != 0) {
      throw new IOException("its compression " + compression + " or filter " + filter + " is new");
    }
    for (Color color : Color.values()) {
      if (color.code == code && color.has(bits)) {
        return new PngHeader(width, height, bits, color, interlaced);
      }
    }
    throw new IOException("it has the color type " + code + " with " + bits + " bits a sample");
  }

  int bitsOfPixel() {
    return bits * color.samples;
  }

  /** Bytes of a row of pixels, at most those of the width. */
  int bytes(int pixels) {
    return Math.toIntExact(((long) pixels * bitsOfPixel() + 7) / 8);
  }
}
