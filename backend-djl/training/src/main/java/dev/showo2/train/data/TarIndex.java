package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Finds the files in a tar archive (POSIX ustar and pax, and GNU's long names) without reading
 * them. Other members are passed over.
 */
final class TarIndex {

  private static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int TYPE_AT = 156;
  private static final int MAX_EXTENSION_BYTES = 1 << 20;

  private final Path archive;
  private final FileChannel channel;
  private final CRC32C checksum = new CRC32C();
  private Optional<String> longName = Optional.empty();
  private Optional<Long> longSize = Optional.empty();

  /** A file in an archive. */
  record Member(String name, long offset, long size) {}

  TarIndex(Path archive, FileChannel channel) {
    this.archive = archive;
    this.channel = channel;
  }

  /** Of all headers, and so of names and sizes. */
  long checksum() {
    return checksum.getValue();
  }

  /** Hands on each file in the order of the archive. */
  void forEach(Consumer<Member> consumer) throws IOException {
    long position = 0;
    long end = channel.size();
    while (position + BLOCK <= end) {
      byte[] header = read(position, BLOCK);
      if (isZero(header)) {
        return;
      }
      checksum.update(header);
      requireChecksum(header, position);
      long stored = number(header, SIZE_AT, SIZE_LENGTH, position);
      boolean about = "LKxg".indexOf(header[TYPE_AT]) >= 0;
      long size = about ? stored : longSize.orElse(stored);
      long data = position + BLOCK;
      if (size < 0 || size > end - data) {
        throw corrupt(position, "a member of " + size + " bytes goes beyond the end");
      }
      switch (header[TYPE_AT]) {
        case '0', 0, '7' -> {
          String name = longName.orElseGet(() -> name(header));
          if (!name.endsWith("/")) {
            consumer.accept(new Member(name, data, size));
          }
          forget();
        }
        case 'L' -> longName = Optional.of(untilZero(extension(data, stored, position)));
        case 'x' -> pax(new String(extension(data, stored, position), StandardCharsets.UTF_8));
        case 'g', 'K' -> {
          // Says nothing about names and sizes of files.
        }
        case 'S' -> throw corrupt(position, "sparse files are not read");
        default -> forget();
      }
      position = data + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
  }

  private void forget() {
    longName = Optional.empty();
    longSize = Optional.empty();
  }

  private byte[] extension(long data, long size, long position) throws IOException {
    if (size > MAX_EXTENSION_BYTES) {
      throw corrupt(position, "an extension of " + size + " bytes is too long");
    }
    return read(data, (int) size);
  }

  /** Records of "length key=value\n". */
  private void pax(String records) {
    for (String record : records.split("\n")) {
      String entry = record.substring(record.indexOf(' ') + 1);
      if (entry.startsWith("path=")) {
        longName = Optional.of(entry.substring("path=".length()));
      } else if (entry.startsWith("size=")) {
        try {
          longSize = Optional.of(Long.parseLong(entry.substring("size=".length())));
        } catch (NumberFormatException e) {
          longSize = Optional.of(-1L);
        }
      }
    }
  }

  private static String name(byte[] header) {
    String name = untilZero(Arrays.copyOf(header, 100));
    boolean ustar = new String(header, 257, 6, StandardCharsets.ISO_8859_1).equals("ustar\0");
    String prefix = ustar ? untilZero(Arrays.copyOfRange(header, 345, 500)) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String untilZero(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  private long number(byte[] header, int at, int length, long position) {
    if ((header[at] & 0x80) != 0) {
      // GNU's form of sizes above 8 GiB: the bytes are the number.
      long value = 0;
      for (int i = at + length - Long.BYTES; i < at + length; i++) {
        value = value << 8 | header[i] & 0xff;
      }
      return value;
    }
    String digits = untilZero(Arrays.copyOfRange(header, at, at + length)).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw corrupt(position, "expected an octal number, found '" + digits + "'");
    }
    return Long.parseLong(digits, 8);
  }

  private void requireChecksum(byte[] header, long position) {
    long expected = number(header, CHECKSUM_AT, CHECKSUM_LENGTH, position);
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean blank = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_LENGTH;
      sum += blank ? ' ' : header[i] & 0xff;
    }
    if (sum != expected) {
      throw corrupt(position, "the checksum of a header is wrong");
    }
  }

  private byte[] read(long position, int size) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file ends early");
      }
    }
    return buffer.array();
  }

  private static boolean isZero(byte[] header) {
    for (byte value : header) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  private InvalidRequestException corrupt(long position, String what) {
    return new InvalidRequestException(
        archive
            + ": expected an uncompressed tar archive, but at byte "
            + position
            + " "
            + what
            + "; unpack compressed archives, or write the archive anew");
  }
}
