package dev.showo2.media;

import dev.showo2.media.internal.Orientation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the orientation from EXIF data, which has the structure of a TIFF file: the entry 0x0112 of
 * its first directory. Corrupt data gives {@link Orientation#NORMAL}, so that an image can be read
 * in spite of broken metadata. Stateless and thread-safe.
 */
final class ExifOrientation {

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private static final int PNG_SIGNATURE_BYTES = 8;
  private static final int PNG_CHUNK = 0x65584966; // eXIf

  private ExifOrientation() {}

  /** Reads the chunk eXIf of a PNG file; {@link Orientation#NORMAL} if no intact chunk has one. */
  static Orientation ofPng(byte[] file) {
    ByteBuffer png = ByteBuffer.wrap(file);
    png.position(Math.min(PNG_SIGNATURE_BYTES, file.length));
    while (png.remaining() >= 2 * Integer.BYTES) {
      int length = png.getInt();
      int type = png.getInt();
      if (length < 0 || length > png.remaining() - Integer.BYTES) {
        return Orientation.NORMAL;
      }
      if (type == PNG_CHUNK) {
        return read(ByteBuffer.wrap(file, png.position(), length));
      }
      png.position(png.position() + length + Integer.BYTES);
    }
    return Orientation.NORMAL;
  }

  /**
   * Reads the orientation of a block of EXIF data.
   *
   * @param tiff positioned at the first byte, the byte order; its position is not changed
   * @return the orientation; {@link Orientation#NORMAL} if the block has none or is corrupt
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
