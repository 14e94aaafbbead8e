package dev.showo2.export.internal.torch;

import dev.showo2.export.internal.io.CheckpointFile;
import java.nio.ByteBuffer;

/**
 * The records at the end of a zip archive that say where its directory lies.
 *
 * <p>They must end with the file: an archive with a comment, or with bytes around it, could be read
 * in two ways, and torch writes neither.
 */
record ZipEnd(int entryCount, long directoryOffset, int directorySize) {

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;

  /** A storage per tensor; the largest known checkpoints have some thousands. */
  private static final int MAX_ENTRIES = 100_000;

  private static final long MAX_DIRECTORY_BYTES = 64 << 20;

  static ZipEnd read(CheckpointFile file) {
    long position = file.size() - END_BYTES;
    ByteBuffer end = record(file, position, END_BYTES, END_SIGNATURE);
    if (end == null || Short.toUnsignedInt(end.getShort(20)) != 0) {
      throw file.invalid("it does not end with a zip directory, so it is truncated");
    }
    if (end.getShort(4) != 0 || end.getShort(6) != 0) {
      throw file.invalid("it is one part of a zip archive split over several files");
    }
    long count = Short.toUnsignedLong(end.getShort(10));
    long size = Integer.toUnsignedLong(end.getInt(12));
    long offset = Integer.toUnsignedLong(end.getInt(16));
    ByteBuffer locator = record(file, position - LOCATOR_BYTES, LOCATOR_BYTES, LOCATOR_SIGNATURE);
    if (locator != null) {
      position -= LOCATOR_BYTES + END64_BYTES;
      ByteBuffer end64 = record(file, position, END64_BYTES, END64_SIGNATURE);
      if (end64 == null || locator.getLong(8) != position) {
        throw file.invalid("its zip64 records do not fit together");
      }
      count = agreed(file, count, 0xffffL, end64.getLong(32));
      size = agreed(file, size, 0xffffffffL, end64.getLong(40));
      offset = agreed(file, offset, 0xffffffffL, end64.getLong(48));
    }
    if (count < 0 || count > MAX_ENTRIES) {
      throw file.invalid(
          "its directory claims "
              + Long.toUnsignedString(count)
              + " entries, at most "
              + MAX_ENTRIES
              + " are read");
    }
    if (size < 0 || size > MAX_DIRECTORY_BYTES || offset != position - size) {
      throw file.invalid(
          "its zip directory of "
              + Long.toUnsignedString(size)
              + " bytes at byte "
              + Long.toUnsignedString(offset)
              + " does not end where its end record starts, at byte "
              + position);
    }
    return new ZipEnd((int) count, offset, (int) size);
  }

  /** Null if there is no such record. */
  private static ByteBuffer record(CheckpointFile file, long position, int length, int signature) {
    if (position < 0) {
      return null;
    }
    ByteBuffer bytes = file.read(position, length);
    return bytes.getInt(0) == signature ? bytes : null;
  }

  /** The wide value; the narrow one must say the same, or that it is too narrow. */
  private static long agreed(CheckpointFile file, long narrow, long tooNarrow, long wide) {
    if (narrow != tooNarrow && narrow != wide) {
      throw file.invalid("its zip and zip64 end records contradict each other");
    }
    return wide;
  }
}
