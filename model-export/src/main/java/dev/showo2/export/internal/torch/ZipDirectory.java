package dev.showo2.export.internal.torch;

import dev.showo2.export.internal.io.CheckpointFile;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The directory of a zip archive whose entries are stored uncompressed, as torch writes them.
 *
 * <p>The JDK's zip classes do not tell where an entry's bytes are; here they are needed, so that
 * tensors are read in place. Whatever could be understood in two ways is refused.
 */
final class ZipDirectory {

  private static final int CENTRAL_SIGNATURE = 0x02014b50;
  private static final int CENTRAL_BYTES = 46;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ZIP64_EXTRA = 0x0001;
  private static final long TOO_NARROW = 0xffffffffL;
  private static final int ENCRYPTED = 1;

  private final CheckpointFile file;
  private final ByteBuffer bytes;
  private final long end;
  private final Map<String, ZipEntry> entries = new LinkedHashMap<>();

  private ZipDirectory(CheckpointFile file, ByteBuffer bytes, long end) {
    this.file = file;
    this.bytes = bytes;
    this.end = end;
  }

  /** All entries by name, in the order of the directory. */
  static Map<String, ZipEntry> read(CheckpointFile file) {
    ZipEnd end = ZipEnd.read(file);
    ZipDirectory directory =
        new ZipDirectory(
            file, file.read(end.directoryOffset(), end.directorySize()), end.directoryOffset());
    for (int i = 0; i < end.entryCount(); i++) {
      directory.readEntry();
    }
    if (directory.bytes.hasRemaining()) {
      throw file.invalid("its zip directory is longer than its " + end.entryCount() + " entries");
    }
    directory.requireApart();
    return directory.entries;
  }

  private void readEntry() {
    if (bytes.remaining() < CENTRAL_BYTES || bytes.getInt(bytes.position()) != CENTRAL_SIGNATURE) {
      throw file.invalid("its zip directory breaks off after " + entries.size() + " entries");
    }
    ByteBuffer fixed = slice(CENTRAL_BYTES);
    int nameLength = Short.toUnsignedInt(fixed.getShort(28));
    int extraLength = Short.toUnsignedInt(fixed.getShort(30));
    int commentLength = Short.toUnsignedInt(fixed.getShort(32));
    if (bytes.remaining() < nameLength + extraLength + commentLength) {
      throw file.invalid("its zip directory breaks off after " + entries.size() + " entries");
    }
    ByteBuffer rawName = slice(nameLength);
    String name = checkedName(rawName);
    ByteBuffer wide = zip64(name, slice(extraLength));
    slice(commentLength);
    requireStored(name, fixed);
    // The wide fields follow in this order, each only if its narrow one is too narrow.
    long size = field(name, fixed, 24, wide);
    long storedSize = field(name, fixed, 20, wide);
    long headerOffset = field(name, fixed, 42, wide);
    if (size != storedSize) {
      throw file.invalid("'" + name + "' is stored in " + storedSize + " bytes but claims " + size);
    }
    long offset = dataOffset(name, rawName, headerOffset);
    if (size > end - offset) {
      throw file.invalid(
          "'" + name + "' claims " + size + " bytes at byte " + offset + ", beyond the data");
    }
    ZipEntry entry = new ZipEntry(name, headerOffset, offset, size, fixed.getInt(16));
    if (entries.put(name, entry) != null) {
      throw file.invalid("'" + name + "' occurs twice in its zip directory");
    }
  }

  private ByteBuffer slice(int length) {
    ByteBuffer slice = bytes.slice(bytes.position(), length).order(bytes.order());
    bytes.position(bytes.position() + length);
    return slice;
  }

  private String checkedName(ByteBuffer raw) {
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(raw.duplicate()).toString();
    } catch (CharacterCodingException e) {
      throw file.invalid("an entry of its zip directory has a name that is not UTF-8");
    }
    boolean plain = !name.isEmpty() && name.chars().noneMatch(c -> c < ' ' || c == '\\');
    for (String part : name.split("/", -1)) {
      plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    if (!plain) {
      throw file.invalid("its entry '" + name + "' is not a plain path inside the archive");
    }
    return name;
  }

  private void requireStored(String name, ByteBuffer fixed) {
    if ((fixed.getShort(8) & ENCRYPTED) != 0) {
      throw file.invalid("'" + name + "' is encrypted");
    }
    if (fixed.getShort(10) != 0) {
      throw file.invalid(
          "'"
              + name
              + "' is compressed; torch stores tensors as they are, and what unpacks to"
              + " an unknown size is not read");
    }
  }

  /** The contents of the zip64 extra field; empty if there is none. */
  private ByteBuffer zip64(String name, ByteBuffer extra) {
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Short.toUnsignedInt(extra.getShort());
      if (length > extra.remaining()) {
        throw file.invalid("'" + name + "' has an extra field longer than its directory entry");
      }
      if (id == ZIP64_EXTRA) {
        return extra.slice(extra.position(), length).order(extra.order());
      }
      extra.position(extra.position() + length);
    }
    return ByteBuffer.allocate(0);
  }

  private long field(String name, ByteBuffer fixed, int index, ByteBuffer wide) {
    long value = Integer.toUnsignedLong(fixed.getInt(index));
    if (value == TOO_NARROW && wide.remaining() >= Long.BYTES) {
      value = wide.getLong();
    }
    if (value < 0 || value > file.size()) {
      throw file.invalid(
          "'"
              + name
              + "' claims a size or offset of "
              + Long.toUnsignedString(value)
              + " bytes, the file has "
              + file.size());
    }
    return value;
  }

  private long dataOffset(String name, ByteBuffer rawName, long headerOffset) {
    if (headerOffset > end - LOCAL_BYTES - rawName.remaining()) {
      throw file.invalid("'" + name + "' starts at byte " + headerOffset + ", beyond the data");
    }
    ByteBuffer local = file.read(headerOffset, LOCAL_BYTES + rawName.remaining());
    if (local.getInt(0) != LOCAL_SIGNATURE
        || local.getShort(8) != 0
        || Short.toUnsignedInt(local.getShort(26)) != rawName.remaining()
        || !local.slice(LOCAL_BYTES, rawName.remaining()).equals(rawName)) {
      throw file.invalid("'" + name + "' has another header than its zip directory says");
    }
    return headerOffset + local.limit() + Short.toUnsignedInt(local.getShort(28));
  }

  private void requireApart() {
    List<ZipEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(Comparator.comparingLong(ZipEntry::headerOffset));
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).headerOffset() < sorted.get(i - 1).end()) {
        throw file.invalid(
            "its entries '"
                + sorted.get(i - 1).name()
                + "' and '"
                + sorted.get(i).name()
                + "' overlap");
      }
    }
  }

  /**
   * The records at the end of a zip archive that say where its directory is.
   *
   * <p>They must end with the file: an archive with a comment, or with bytes around it, could be
   * read in two ways, and torch writes neither.
   */
  private record ZipEnd(int entryCount, long directoryOffset, int directorySize) {

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
    private static ByteBuffer record(
        CheckpointFile file, long position, int length, int signature) {
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
}
