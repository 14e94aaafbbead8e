package dev.showo2.media.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The integers of a TIFF file's first directory. Immutable. */
final class TiffDirectory {

  private static final int ENTRY_BYTES = 12;

  private final Map<Integer, long[]> entries;

  private TiffDirectory(Map<Integer, long[]> entries) {
    this.entries = entries;
  }

  /**
   * Reads the directory. Entries of other types or outside of the file have no values.
   *
   * @param tags of the entries that are needed
   * @throws IOException if the file ends within it, or one of these entries comes twice
   */
  static TiffDirectory read(byte[] file, Set<Integer> tags) throws IOException {
    ByteBuffer tiff = ByteBuffer.wrap(file);
    if (file.length < 8) {
      throw new EOFException("the file ends within its header");
    }
    tiff.order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    long start = Integer.toUnsignedLong(tiff.getInt(4));
    if (start > file.length - Short.BYTES) {
      throw new EOFException("the file ends before its directory");
    }
    int count = Short.toUnsignedInt(tiff.getShort((int) start));
    if (count * ENTRY_BYTES > file.length - Short.BYTES - start) {
      throw new EOFException("the file ends within its directory");
    }
    Map<Integer, long[]> entries = new HashMap<>();
    for (int i = 0; i < count; i++) {
      int at = (int) start + Short.BYTES + i * ENTRY_BYTES;
      int tag = Short.toUnsignedInt(tiff.getShort(at));
      if (tags.contains(tag) && entries.put(tag, values(tiff, at)) != null) {
        throw new IOException("its directory has the entry " + tag + " twice");
      }
    }
    return new TiffDirectory(entries);
  }

  private static long[] values(ByteBuffer tiff, int entry) {
    int size =
        switch (tiff.getShort(entry + 2)) {
          case 1, 6 -> 1;
          case 3, 8 -> 2;
          case 4, 9 -> 4;
          default -> 0;
        };
    long count = Integer.toUnsignedLong(tiff.getInt(entry + 4));
    long at = count * size <= 4 ? entry + 8 : Integer.toUnsignedLong(tiff.getInt(entry + 8));
    if (size == 0 || at + count * size > tiff.limit()) {
      return new long[0];
    }
    long[] values = new long[(int) count];
    for (int i = 0; i < values.length; i++) {
      int from = (int) at + i * size;
      values[i] =
          switch (size) {
            case 1 -> tiff.get(from) & 0xff;
            case 2 -> Short.toUnsignedInt(tiff.getShort(from));
            default -> Integer.toUnsignedLong(tiff.getInt(from));
          };
    }
    return values;
  }

  /** The values of an entry, from 0 to 2^32 - 1; empty if there is none. */
  long[] values(int tag) {
    return entries.getOrDefault(tag, new long[0]);
  }

  /** The first value of an entry. */
  long value(int tag, long otherwise) {
    long[] values = values(tag);
    return values.length == 0 ? otherwise : values[0];
  }
}
