package dev.showo2.train.data;

import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.StrictJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * The entries of a file of JSON lines, or of one JSON array, of any length: the file is read once
 * to find them, and then an entry at a time. An entry that is malformed is found when it is read;
 * in an array it may take those behind it along.
 */
final class JsonEntries implements AutoCloseable {

  private static final int MAX_ENTRY_BYTES = 16 << 20;
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final FileChannel channel;
  private final String fingerprint;
  // Begin and end of each entry, and the line of its first byte.
  private long[] bounds = new long[128];
  private int[] lines = new int[64];
  private int size;

  private JsonEntries(Path file) throws IOException {
    this.file = file;
    CRC32C checksum = new CRC32C();
    try (InputStream input =
        new CheckedInputStream(
            new BufferedInputStream(Files.newInputStream(file), BUFFER), checksum)) {
      new Scanner(input).scan();
    }
    fingerprint = Long.toHexString(checksum.getValue()) + ":" + Files.size(file);
    channel = FileChannel.open(file, StandardOpenOption.READ);
  }

  /**
   * Finds the entries.
   *
   * @throws InvalidRequestException if there is no such file, or it has no entries
   */
  static JsonEntries open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidRequestException(
          "expected a file of JSON lines or a JSON array, found "
              + (Files.exists(file) ? "something else at " : "no file ")
              + file);
    }
    try {
      JsonEntries entries = new JsonEntries(file);
      if (entries.size == 0) {
        entries.close();
        throw new InvalidRequestException(file + ": expected at least one entry, found none");
      }
      return entries;
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidRequestException("cannot read " + file + ": " + e.getMessage(), e));
    }
  }

  int size() {
    return size;
  }

  String fingerprint() {
    return fingerprint;
  }

  String origin(long index) {
    return file + ":" + lines[(int) index];
  }

  /**
   * Parses an entry.
   *
   * @throws BadExampleException if it is no JSON object
   */
  JsonObject read(long index) {
    long begin = bounds[2 * (int) index];
    long length = bounds[2 * (int) index + 1] - begin;
    if (length > MAX_ENTRY_BYTES) {
      throw new BadExampleException(
          ExampleProblem.MALFORMED,
          "expected at most " + MAX_ENTRY_BYTES + " bytes, found " + length);
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) length);
    try {
      while (bytes.hasRemaining() && channel.read(bytes, begin + bytes.position()) >= 0) {
        // Until the entry is complete.
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidRequestException("cannot read " + file + ": " + e.getMessage(), e));
    }
    try {
      return StrictJson.parseObject(bytes.flip(), "expected a JSON object");
    } catch (InvalidModelException e) {
      throw new BadExampleException(ExampleProblem.MALFORMED, e.getMessage(), e);
    }
  }

  private void add(long begin, long end, int line) {
    if (size == lines.length) {
      lines = Arrays.copyOf(lines, Math.multiplyExact(2, size));
      bounds = Arrays.copyOf(bounds, Math.multiplyExact(4, size));
    }
    lines[size] = line;
    bounds[2 * size] = begin;
    bounds[2 * size++ + 1] = end;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written.
    }
  }

  /** Finds where entries begin and end, without decoding text. */
  private final class Scanner {

    private final InputStream input;
    private long position;
    private int line = 1;

    Scanner(InputStream input) {
      this.input = input;
    }

    void scan() throws IOException {
      int first = next();
      if (first == 0xef) {
        // A byte order mark.
        next();
        next();
        first = next();
      }
      while (isSpace(first)) {
        first = next();
      }
      if (first == '[') {
        array();
      } else {
        lines(first);
      }
    }

    private int next() throws IOException {
      int value = input.read();
      if (value >= 0) {
        position++;
      }
      if (value == '\n') {
        line++;
      }
      return value;
    }

    private static boolean isSpace(int value) {
      return value == ' ' || value == '\n' || value == '\r' || value == '\t';
    }

    private void lines(int first) throws IOException {
      int value = first;
      while (value >= 0) {
        while (isSpace(value)) {
          value = next();
        }
        if (value < 0) {
          return;
        }
        long begin = position - 1;
        int at = line;
        long end = position;
        while (value >= 0 && value != '\n') {
          end = isSpace(value) ? end : position;
          value = next();
        }
        add(begin, end, at);
      }
    }

    /** Entries are separated by commas that are neither nested nor quoted. */
    private void array() throws IOException {
      int depth = 0;
      boolean quoted = false;
      long begin = -1;
      int at = 0;
      long end = position;
      while (true) {
        int value = next();
        if (value < 0 || !quoted && depth == 0 && (value == ',' || value == ']')) {
          if (begin >= 0) {
            add(begin, end, at);
          } else if (value == ',') {
            // Nothing before a comma is a malformed entry.
            add(position - 1, position - 1, line);
          }
          if (value != ',') {
            return;
          }
          begin = -1;
          continue;
        }
        if (!isSpace(value) || quoted) {
          if (begin < 0) {
            begin = position - 1;
            at = line;
          }
          end = position;
        }
        if (quoted) {
          if (value == '\\') {
            next();
            end = position;
          } else if (value == '"') {
            quoted = false;
          }
        } else if (value == '"') {
          quoted = true;
        } else if (value == '{' || value == '[') {
          depth++;
        } else if (value == '}' || value == ']') {
          depth--;
        }
      }
    }
  }
}
