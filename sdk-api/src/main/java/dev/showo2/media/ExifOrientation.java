package dev.showo2.media;

import dev.showo2.media.internal.Orientation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The orientation in a block of EXIF data, which is the beginning of a TIFF file: of its first
 * directory the entry 0x0112. Anything else than a sound block gives {@link Orientation#NORMAL}: an
 * image should not fail for what some camera or editor wrote beside it.
 */
final class ExifOrientation {

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private ExifOrientation() {}

  /**
   * @param tiff from its first byte, the byte order, on; its position stays
   */
  static Orientation read(ByteBuffer tiff) {
    ByteBuffer block = tiff.slice();
    if (block.remaining() < 8) {
      return Orientation.NORMAL;
    }
    switch (block.getShort(0)) {
      case 0x4949 -> block.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4d4d -> block.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return Orientation.NORMAL;
      }
    }
    long directory = Integer.toUnsignedLong(block.getInt(4));
    if (block.getShort(2) != 42 || directory + Short.BYTES > block.limit()) {
      return Orientation.NORMAL;
    }
    block.position((int) directory);
    int entries = Short.toUnsignedInt(block.getShort());
    for (int i = 0; i < entries && block.remaining() >= ENTRY_BYTES; i++) {
      int entry = block.position();
      if (block.getShort(entry) == TAG
          && block.getShort(entry + 2) == SHORT
          && block.getInt(entry + 4) == 1) {
        return Orientation.ofExif(block.getShort(entry + 8));
      }
      block.position(entry + ENTRY_BYTES);
    }
    return Orientation.NORMAL;
  }
}
