package dev.showo2.media.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The entries of a TIFF file's first directory that are needed for its pixels. Immutable.
 *
 * <p>Decoders get a file with these alone ({@link #withoutOthers}): metadata may be corrupt, and
 * behind an entry of a type that it does not know the JDK (17.0.15) reads four bytes too early, so
 * that it would see other entries than are checked here.
 */
final class TiffDirectory {

  private static final int ENTRY_BYTES = 12;

  /** An entry: its place in the file, and its values if it holds integers. */
  private record Entry(int at, long[] values) {}

  private final byte[] file;
  private final SortedMap<Integer, Entry> entries;

  private TiffDirectory(byte[] file, SortedMap<Integer, Entry> entries) {
    this.file = file;
    this.entries = entries;
  }

  /**
   * Reads the directory. Entries of unknown types or outside of the file are left out.
   *
   * @param file the whole file; kept, not written to
   * @param tags of the entries that are needed
   * @throws IOException if the file ends within it, or one of these entries comes twice
   */
  static TiffDirectory read(byte[] file, Set<Integer> tags) throws IOException {
    if (file.length < 8) {
      throw new EOFException("the file ends within its header");
    }
    ByteBuffer tiff = ordered(file);
    long start = Integer.toUnsignedLong(tiff.getInt(4));
    if (start > file.length - Short.BYTES) {
      throw new EOFException("the file ends before its directory");
    }
    int count = Short.toUnsignedInt(tiff.getShort((int) start));
    if (count * ENTRY_BYTES > file.length - Short.BYTES - start) {
      throw new EOFException("the file ends within its directory");
    }
    SortedMap<Integer, Entry> entries = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int at = (int) start + Short.BYTES + i * ENTRY_BYTES;
      int tag = Short.toUnsignedInt(tiff.getShort(at));
      int size = size(tiff.getShort(at + 2));
      if (tags.contains(tag) && isWithin(tiff, at, size)) {
        if (entries.put(tag, new Entry(at, values(tiff, at, size))) != null) {
          throw new IOException("its directory has the entry " + tag + " twice");
        }
      }
    }
    return new TiffDirectory(file, entries);
  }

  private static ByteBuffer ordered(byte[] file) {
    return ByteBuffer.wrap(file)
        .order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /** The bytes of a value; 0 for unknown types. */
  private static int size(int type) {
    return switch (type) {
      case 1, 2, 6, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 11 -> 4;
      case 5, 10, 12 -> 8;
      default -> 0;
    };
  }

  private static long count(ByteBuffer tiff, int entry) {
    return Integer.toUnsignedLong(tiff.getInt(entry + 4));
  }

  private static long start(ByteBuffer tiff, int entry, int size) {
    return count(tiff, entry) * size <= 4
        ? entry + 8
        : Integer.toUnsignedLong(tiff.getInt(entry + 8));
  }

  private static boolean isWithin(ByteBuffer tiff, int entry, int size) {
    return size > 0 && start(tiff, entry, size) + count(tiff, entry) * size <= tiff.limit();
  }

  private static long[] values(ByteBuffer tiff, int entry, int size) {
    int type = tiff.getShort(entry + 2);
    if (type != 1 && type != 3 && type != 4) {
      return new long[0];
    }
    int start = (int) start(tiff, entry, size);
    long[] values = new long[(int) count(tiff, entry)];
    for (int i = 0; i < values.length; i++) {
      int at = start + i * size;
      values[i] =
          switch (size) {
            case 1 -> tiff.get(at) & 0xff;
            case 2 -> Short.toUnsignedInt(tiff.getShort(at));
            default -> Integer.toUnsignedLong(tiff.getInt(at));
          };
    }
    return values;
  }

  /** The file with a directory of these entries alone, behind all else. */
  byte[] withoutOthers() {
    int start = file.length + file.length % 2;
    int length = Short.BYTES + entries.size() * ENTRY_BYTES + Integer.BYTES;
    byte[] copy = Arrays.copyOf(file, Math.addExact(start, length));
    ByteBuffer tiff = ordered(copy);
    tiff.putInt(4, start);
    tiff.position(start).putShort((short) entries.size());
    for (Entry entry : entries.values()) {
      tiff.put(file, entry.at, ENTRY_BYTES);
    }
    return copy;
  }

  /** The values of an entry, from 0 to 2^32 - 1; empty if there is none, or none of integers. */
  long[] values(int tag) {
    Entry entry = entries.get(tag);
    return entry == null ? new long[0] : entry.values;
  }

  /** The first value of an entry. */
  long value(int tag, long otherwise) {
    long[] values = values(tag);
    return values.length == 0 ? otherwise : values[0];
  }
}
