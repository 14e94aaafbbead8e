package dev.showo2.media.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * A Windows bitmap: 1 to 32 bits a pixel, with palette, masks or run lengths. The size of the file
 * that its header claims is not looked at; samples of five and six bits are widened as Pillow does.
 * Not thread-safe.
 */
final class BmpImage implements RgbSource {

  private static final int FILE_HEADER_BYTES = 14;
  private static final int OLD_HEADER_BYTES = 12;
  private static final Set<Integer> HEADER_BYTES = Set.of(12, 40, 52, 56, 64, 108, 124);
  private static final int MASKS = FILE_HEADER_BYTES + 40;
  private static final int COLORS = 256;

  private static final int RUNS_OF_8_BITS = 1;
  private static final int RUNS_OF_4_BITS = 2;
  private static final int BITFIELDS = 3;
  private static final int BITFIELDS_WITH_ALPHA = 6;

  private final ByteBuffer file;
  private final int headerBytes;
  private final int width;
  private final int height;
  private final boolean downwards;
  private final int bits;
  private final int compression;
  private final int[] masks = new int[3];
  private final byte[] palette = new byte[3 * COLORS];
  private final int dataStart;

  /** The color of each pixel, where runs are stored; otherwise null. */
  private byte[] indices;

  private int nextRow;

  private BmpImage(byte[] bytes, SizeCheck sizeCheck) throws IOException {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    headerBytes = file.getInt(FILE_HEADER_BYTES);
    if (!HEADER_BYTES.contains(headerBytes)) {
      throw new IOException("its header claims to have " + headerBytes + " bytes");
    }
    boolean old = headerBytes == OLD_HEADER_BYTES;
    width = old ? Short.toUnsignedInt(file.getShort(18)) : file.getInt(18);
    int rows = old ? Short.toUnsignedInt(file.getShort(20)) : file.getInt(22);
    downwards = rows < 0;
    height = Math.abs(rows);
    bits = file.getShort(old ? 24 : 28);
    compression = old ? 0 : file.getInt(30);
    sizeCheck.check(width, height);
    requireKind();
    int behind = FILE_HEADER_BYTES + headerBytes;
    if (hasMasks()) {
      readMasks();
      behind = Math.max(behind, MASKS + 12);
    }
    int claimed = old ? 0 : file.getInt(46);
    int colors = bits <= 8 ? readPalette(behind, claimed == 0 ? 1 << bits : claimed, old) : 0;
    int start = file.getInt(10);
    boolean wrong = start == FILE_HEADER_BYTES + headerBytes && bits <= 8;
    dataStart = start == 0 || wrong ? behind + colors * (old ? 3 : 4) : start;
  }

  /**
   * Reads the header.
   *
   * @param file a whole file; kept, not written to
   * @param sizeCheck sees the size first
   * @return the image, before the first row
   * @throws IOException if the file is corrupt or of an unsupported kind
   */
  static BmpImage open(byte[] file, SizeCheck sizeCheck) throws IOException {
    try {
      return new BmpImage(file, sizeCheck);
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw (IOException) new EOFException("the file ends within its header").initCause(e);
    }
  }

  private void requireKind() throws IOException {
    boolean known =
        switch (compression) {
          case 0 -> Set.of(1, 2, 4, 8, 16, 24, 32).contains(bits);
          case RUNS_OF_8_BITS -> bits == 8;
          case RUNS_OF_4_BITS -> bits == 4;
          case BITFIELDS, BITFIELDS_WITH_ALPHA -> bits == 16 || bits == 24 || bits == 32;
          default -> false;
        };
    if (!known) {
      throw new IOException("it has " + bits + " bits a pixel with compression " + compression);
    }
  }

  private boolean hasMasks() {
    return compression == BITFIELDS || compression == BITFIELDS_WITH_ALPHA;
  }

  private void readMasks() throws IOException {
    int all = 0;
    for (int i = 0; i < masks.length; i++) {
      masks[i] = file.getInt(MASKS + 4 * i);
      long plain = Integer.toUnsignedLong(masks[i]) >> Integer.numberOfTrailingZeros(masks[i]);
      if ((plain & plain + 1) != 0 || (all & masks[i]) != 0) {
        throw new IOException("its color masks have gaps or overlap");
      }
      all |= masks[i];
    }
    if (all == 0) {
      setMasks(0xff0000, 0xff00, 0xff);
    }
  }

  private void setMasks(int red, int green, int blue) {
    masks[0] = red;
    masks[1] = green;
    masks[2] = blue;
  }

  /** Reads blue, green and red of each color and returns how many there are. */
  private int readPalette(int at, int claimed, boolean old) throws IOException {
    if (claimed < 1 || claimed > 1 << 16) {
      throw new IOException("its palette claims to have " + claimed + " colors");
    }
    int step = old ? 3 : 4;
    for (int i = 0; i < Math.min(claimed, COLORS) && at + step * i + 3 <= file.limit(); i++) {
      palette[3 * i] = file.get(at + step * i + 2);
      palette[3 * i + 1] = file.get(at + step * i + 1);
      palette[3 * i + 2] = file.get(at + step * i);
    }
    return claimed;
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public int height() {
    return height;
  }

  @Override
  public void next(byte[] rgb) throws IOException {
    int y = downwards ? nextRow : height - 1 - nextRow;
    nextRow++;
    if (compression == RUNS_OF_8_BITS || compression == RUNS_OF_4_BITS) {
      if (indices == null) {
        indices = BmpRuns.decode(file, dataStart, width, height, bits);
      }
      for (int x = 0; x < width; x++) {
        color(indices[y * width + x] & 0xff, rgb, 3 * x);
      }
      return;
    }
    long stride = ((long) width * bits + 31) / 32 * 4;
    long from = dataStart + y * stride;
    if (from < 0 || from + ((long) width * bits + 7) / 8 > file.limit()) {
      throw new EOFException("the file ends within its pixels");
    }
    if (bits <= 8) {
      indexed((int) from, rgb);
    } else if (hasMasks() || bits == 16) {
      masked((int) from, rgb);
    } else {
      plain((int) from, rgb);
    }
  }

  private void indexed(int from, byte[] rgb) {
    int mask = (1 << bits) - 1;
    for (int x = 0; x < width; x++) {
      int bit = x * bits;
      color(file.get(from + (bit >> 3)) >> 8 - bits - (bit & 7) & mask, rgb, 3 * x);
    }
  }

  private void color(int index, byte[] rgb, int at) {
    rgb[at] = palette[3 * index];
    rgb[at + 1] = palette[3 * index + 1];
    rgb[at + 2] = palette[3 * index + 2];
  }

  private void plain(int from, byte[] rgb) {
    int bytes = bits / 8;
    for (int x = 0, at = from; x < width; x++, at += bytes) {
      rgb[3 * x] = file.get(at + 2);
      rgb[3 * x + 1] = file.get(at + 1);
      rgb[3 * x + 2] = file.get(at);
    }
  }

  private void masked(int from, byte[] rgb) {
    if (!hasMasks()) {
      setMasks(0x7c00, 0x3e0, 0x1f);
    }
    int bytes = bits / 8;
    for (int x = 0; x < width; x++) {
      int pixel = 0;
      for (int i = bytes - 1; i >= 0; i--) {
        pixel = pixel << 8 | file.get(from + x * bytes + i) & 0xff;
      }
      for (int i = 0; i < masks.length; i++) {
        int shift = Integer.numberOfTrailingZeros(masks[i]);
        long most = masks[i] == 0 ? 1 : Integer.toUnsignedLong(masks[i]) >> shift;
        long value = Integer.toUnsignedLong(pixel & masks[i]) >> (masks[i] == 0 ? 0 : shift);
        rgb[3 * x + i] = (byte) (value * 255 / most);
      }
    }
  }
}
