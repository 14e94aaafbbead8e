package dev.showo2.media.png.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Inflates and unfilters rows. Not thread-safe. */
final class PngRows {

  private final Iterator<ByteBuffer> data;
  private final PngHeader header;
  private final int pixelBytes;
  private final Inflater inflater = new Inflater();
  private byte[] row;
  private byte[] above;

  PngRows(List<ByteBuffer> data, PngHeader header) {
    this.data = data.iterator();
    this.header = header;
    this.pixelBytes = Math.max(1, header.bitsOfPixel() / 8);
    // The filter comes before the pixels.
    this.row = new byte[1 + header.bytes(header.width())];
    this.above = new byte[row.length];
  }

  /** Begins a pass, whose first row has none above it. */
  void beginPass() {
    Arrays.fill(row, (byte) 0);
  }

  /**
   * Reads a row.
   *
   * @param pixels of the row
   * @return the filter and the bytes of the pixels; valid until the next row
   */
  byte[] next(int pixels) throws IOException {
    byte[] swap = above;
    above = row;
    row = swap;
    int end = 1 + header.bytes(pixels);
    inflate(end);
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = 1 + pixelBytes; i < end; i++) {
          row[i] += row[i - pixelBytes];
        }
      }
      case 2 -> {
        for (int i = 1; i < end; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i < end; i++) {
          int left = i > pixelBytes ? row[i - pixelBytes] & 0xff : 0;
          row[i] += (byte) (left + (above[i] & 0xff) >> 1);
        }
      }
      case 4 -> {
        for (int i = 1; i < end; i++) {
          boolean first = i <= pixelBytes;
          int left = first ? 0 : row[i - pixelBytes] & 0xff;
          int corner = first ? 0 : above[i - pixelBytes] & 0xff;
          row[i] += (byte) paeth(left, above[i] & 0xff, corner);
        }
      }
      default -> throw new IOException("a row has the filter " + (row[0] & 0xff));
    }
    return row;
  }

  private static int paeth(int left, int above, int corner) {
    int toLeft = Math.abs(above - corner);
    int toAbove = Math.abs(left - corner);
    int toCorner = Math.abs(left + above - 2 * corner);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }

  private void inflate(int end) throws IOException {
    try {
      int done = 0;
      while (done < end) {
        int count = inflater.inflate(row, done, end - done);
        done += count;
        if (count == 0) {
          if (inflater.finished() || inflater.needsDictionary() || !data.hasNext()) {
            throw PngDecoder.tooShort();
          }
          if (inflater.needsInput()) {
            inflater.setInput(data.next());
          }
        }
      }
    } catch (DataFormatException e) {
      throw corrupt(e);
    }
  }

  /** Compares the checksum of the pixels, if it is there. */
  void finish() throws IOException {
    try {
      while (inflater.inflate(row, 0, 1) == 0 && !inflater.finished() && data.hasNext()) {
        inflater.setInput(data.next());
      }
    } catch (DataFormatException e) {
      throw corrupt(e);
    }
    inflater.end();
  }

  private static IOException corrupt(DataFormatException e) {
    return new IOException("its pixels are damaged: " + e.getMessage(), e);
  }
}
