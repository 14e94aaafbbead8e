package dev.showo2.media.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The entries of a TIFF file's first directory that are needed for its pixels. Immutable.
 *
 * <p>Decoders get a file with these alone ({@link #withoutOthers}): metadata may be corrupt, and
 * behind an entry of a type that it does not know the JDK (17.0.15) reads four bytes too early, so
 * that it would see other entries than are checked here. Single integers get a type that the JDK
 * reads: of another one it takes the entry for absent.
 */
final class TiffDirectory {

  private static final int ENTRY_BYTES = 12;

  private static final int BYTE = 1;
  private static final int SHORT = 3;
  private static final int LONG = 4;

  /** The values that an entry has, and the type that the JDK reads. */
  enum Kind {
    /** One integer of 16 bits. */
    SHORT(1, true),
    /** One integer of 32 bits. */
    LONG(1, false),
    /** An integer of 16 bits for each sample of a pixel. */
    SAMPLES(8, true),
    /** The colors of a palette. */
    COLORS(3 << 16, true),
    /** Where parts of the pixels are, or how long. */
    PARTS(Integer.MAX_VALUE, false),
    /** Up to six values that only the decoder looks at. */
    FRACTIONS(6, false),
    /** Bytes that only the decoder looks at. */
    OPAQUE(Integer.MAX_VALUE, false);

    private final int most;
    private final boolean isShort;

    Kind(int most, boolean isShort) {
      this.most = most;
      this.isShort = isShort;
    }

    private boolean isInteger() {
      return this != FRACTIONS && this != OPAQUE;
    }
  }

  /** The place of an entry in the file. */
  private record Entry(int at, Kind kind) {}

  private final byte[] file;

  /** The file; only read at places of its own. */
  private final ByteBuffer tiff;

  private final SortedMap<Integer, Entry> entries;

  private TiffDirectory(byte[] file, SortedMap<Integer, Entry> entries) {
    this.file = file;
    this.tiff = ordered(file);
    this.entries = entries;
  }

  /**
   * Reads the directory. Entries of unknown types or outside of the file are left out.
   *
   * @param file the whole file; kept, not written to
   * @param kinds of the entries that are needed, by their tags
   * @throws IOException if the file ends within it, or one of these entries comes twice or has
   *     values that the JDK would not see or that are too many
   */
  static TiffDirectory read(byte[] file, Map<Integer, Kind> kinds) throws IOException {
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
      Kind kind = kinds.get(tag);
      if (kind == null || !isWithin(tiff, at, size(tiff.getShort(at + 2)))) {
        continue;
      }
      require(tiff, at, tag, kind);
      if (entries.put(tag, new Entry(at, kind)) != null) {
        throw new IOException("its directory has the entry " + tag + " twice");
      }
    }
    return new TiffDirectory(file, entries);
  }

  private static void require(ByteBuffer tiff, int entry, int tag, Kind kind) throws IOException {
    int type = tiff.getShort(entry + 2);
    long count = count(tiff, entry);
    if (count == 0 || count > kind.most) {
      throw new IOException(
          "its entry " + tag + " has " + count + " values; 1 to " + kind.most + " are read");
    }
    if (!kind.isInteger()) {
      return;
    }
    boolean single = count == 1 && (type == BYTE || type == SHORT || type == LONG);
    boolean several = type == SHORT || type == LONG && !kind.isShort;
    if (!single && !several) {
      throw new IOException(
          "its entry "
              + tag
              + " has values of the TIFF type "
              + type
              + "; integers of 16"
              + (kind.isShort ? "" : " or 32")
              + " bits are read");
    }
    if (single && kind.isShort && value(tiff, entry, 0) > 0xffff) {
      throw new IOException(
          "its entry " + tag + " is " + value(tiff, entry, 0) + "; up to 65535 is read");
    }
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

  private static long value(ByteBuffer tiff, int entry, int index) {
    int size = size(tiff.getShort(entry + 2));
    int at = (int) start(tiff, entry, size) + index * size;
    return switch (size) {
      case 1 -> tiff.get(at) & 0xff;
      case 2 -> Short.toUnsignedInt(tiff.getShort(at));
      default -> Integer.toUnsignedLong(tiff.getInt(at));
    };
  }

  /** The file with a directory of these entries alone, behind all else. */
  byte[] withoutOthers() {
    int start = file.length + file.length % 2;
    int length = Short.BYTES + entries.size() * ENTRY_BYTES + Integer.BYTES;
    byte[] copy = Arrays.copyOf(file, Math.addExact(start, length));
    ByteBuffer out = ordered(copy);
    out.putInt(4, start);
    out.position(start).putShort((short) entries.size());
    for (Entry entry : entries.values()) {
      int next = out.position() + ENTRY_BYTES;
      out.put(file, entry.at, ENTRY_BYTES);
      if (entry.kind.isInteger() && count(tiff, entry.at) == 1) {
        int value = (int) value(tiff, entry.at, 0);
        out.putShort(next - ENTRY_BYTES + 2, (short) (entry.kind.isShort ? SHORT : LONG));
        if (entry.kind.isShort) {
          out.putShort(next - 4, (short) value).putShort(next - 2, (short) 0);
        } else {
          out.putInt(next - 4, value);
        }
      }
    }
    return copy;
  }

  /** The number of values of an entry; 0 if there is none. */
  int count(int tag) {
    Entry entry = entries.get(tag);
    return entry == null ? 0 : (int) count(tiff, entry.at);
  }

  /** One of the integers of an entry, from 0 to 2^32 - 1. */
  long value(int tag, int index) {
    return value(tiff, entries.get(tag).at, index);
  }

  /** The first integer of an entry. */
  long valueOr(int tag, long otherwise) {
    return count(tag) == 0 ? otherwise : value(tag, 0);
  }
}
