package dev.showo2.media.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the orientation in the metadata of an image, where Pillow looks for it: the entry 0x0112 of
 * EXIF's first directory, which has the structure of a TIFF file, and if there is none an attribute
 * of XMP. Corrupt data counts as none, so that an image can be read in spite of broken metadata.
 * Stateless and thread-safe.
 */
final class OrientationTag {

  private static final int TAG = 0x0112;
  private static final int ENTRY_BYTES = 12;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private OrientationTag() {}

  /**
   * Finds the orientation.
   *
   * @param exif with or without the six letters before it; may be null
   * @param xmp a packet; may be null
   */
  static Orientation of(byte[] exif, byte[] xmp) {
    OptionalInt value = exif == null ? OptionalInt.empty() : ofExif(exif);
    if (value.isEmpty() && xmp != null) {
      value = ofXmp(xmp);
    }
    return Orientation.ofExif(value.orElse(1));
  }

  private static OptionalInt ofXmp(byte[] xmp) {
    Matcher matcher = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
    return matcher.find()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private static OptionalInt ofExif(byte[] exif) {
    int start = 0;
    while (begins(exif, start, EXIF)) {
      start += EXIF.length;
    }
    ByteBuffer block = ByteBuffer.wrap(exif, start, exif.length - start).slice();
    if (block.remaining() < 8) {
      return OptionalInt.empty();
    }
    switch (block.getShort(0)) {
      case 0x4949 -> block.order(ByteOrder.LITTLE_ENDIAN);
      case 0x4d4d -> block.order(ByteOrder.BIG_ENDIAN);
      default -> {
        return OptionalInt.empty();
      }
    }
    long directory = Integer.toUnsignedLong(block.getInt(4));
    if (block.getShort(2) != 42 || directory + Short.BYTES > block.limit()) {
      return OptionalInt.empty();
    }
    block.position((int) directory);
    int entries = Short.toUnsignedInt(block.getShort());
    for (int i = 0; i < entries && block.remaining() >= ENTRY_BYTES; i++) {
      int entry = block.position();
      if (block.getShort(entry) == TAG && block.getInt(entry + 4) == 1) {
        return value(block, entry);
      }
      block.position(entry + ENTRY_BYTES);
    }
    return OptionalInt.empty();
  }

  private static OptionalInt value(ByteBuffer block, int entry) {
    return switch (block.getShort(entry + 2)) {
      case 3, 8 -> OptionalInt.of(block.getShort(entry + 8)); // 16 bits, unsigned and signed
      case 4, 9 -> OptionalInt.of(block.getInt(entry + 8)); // 32 bits
      default -> OptionalInt.empty();
    };
  }

  private static boolean begins(byte[] bytes, int from, byte[] with) {
    return bytes.length - from >= with.length
        && ByteBuffer.wrap(bytes, from, with.length).equals(ByteBuffer.wrap(with));
  }
}
