package dev.showo2.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.internal.JsonFields;
import dev.showo2.model.internal.StrictJson;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: 8 bytes of length, then JSON that lists the tensors.
 *
 * @param unreadable the element type, as the file spells it, of each tensor whose elements no
 *     {@link ElementType} describes
 */
record SafetensorsHeader(
    Map<String, TensorInfo> tensors, Map<String, String> unreadable, Map<String, String> metadata) {

  private static final int LENGTH_BYTES = 8;

  /** The limit of the reference implementation; no known header comes near it. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final String METADATA = "__metadata__";

  /** Bits of an element of the other types of safetensors 0.7. */
  private static final Map<String, Integer> OTHER_TYPES =
      Map.ofEntries(
          Map.entry("F4", 4),
          Map.entry("F6_E2M3", 6),
          Map.entry("F6_E3M2", 6),
          Map.entry("F8_E5M2", 8),
          Map.entry("F8_E4M3", 8),
          Map.entry("F8_E8M0", 8),
          Map.entry("F8_E4M3FNUZ", 8),
          Map.entry("F8_E5M2FNUZ", 8),
          Map.entry("U16", 16),
          Map.entry("U32", 32),
          Map.entry("U64", 64),
          Map.entry("C64", 64));

  static SafetensorsHeader read(Path path, FileChannel channel) throws IOException {
    long fileSize = channel.size();
    if (fileSize < LENGTH_BYTES) {
      throw invalid(path, "it has " + fileSize + " bytes, a header needs at least 8");
    }
    long headerLength = readFully(channel, 0, LENGTH_BYTES).getLong();
    if (headerLength < 2 || headerLength > Math.min(MAX_HEADER_BYTES, fileSize - LENGTH_BYTES)) {
      throw invalid(
          path,
          "its header claims "
              + Long.toUnsignedString(headerLength)
              + " bytes, the file has "
              + fileSize);
    }
    ByteBuffer json = readFully(channel, LENGTH_BYTES, (int) headerLength);
    return parse(path, json, LENGTH_BYTES + headerLength, fileSize);
  }

  private static ByteBuffer readFully(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("file ends at " + (position + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private static SafetensorsHeader parse(
      Path path, ByteBuffer json, long dataStart, long fileSize) {
    JsonObject root = StrictJson.parseObject(json, path.toString());
    List<Range> ranges = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : root.entrySet()) {
      JsonFields fields =
          JsonFields.of(entry.getValue(), path + ": tensor '" + entry.getKey() + "'");
      if (entry.getKey().equals(METADATA)) {
        fields.names().forEach(name -> metadata.put(name, fields.string(name)));
      } else {
        ranges.add(range(path, entry.getKey(), fields, dataStart, fileSize));
      }
    }
    ranges.sort(Comparator.comparingLong(Range::offset).thenComparing(Range::length));
    requireFullCover(path, ranges, dataStart, fileSize);
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    Map<String, String> unreadable = new LinkedHashMap<>();
    for (Range range : ranges) {
      if (OTHER_TYPES.containsKey(range.type())) {
        unreadable.put(range.name(), range.type());
      } else {
        tensors.put(
            range.name(),
            new TensorInfo(
                range.name(),
                ElementType.ofSafetensorsName(range.type()),
                range.shape(),
                range.offset(),
                range.length()));
      }
    }
    return new SafetensorsHeader(
        Collections.unmodifiableMap(tensors),
        Collections.unmodifiableMap(unreadable),
        Collections.unmodifiableMap(metadata));
  }

  /**
   * A tensor of any type.
   *
   * @param offset from the start of the file, in bytes
   */
  private record Range(String name, String type, Shape shape, long offset, long length) {}

  private static Range range(
      Path path, String name, JsonFields fields, long dataStart, long fileSize) {
    long[] offsets = fields.longs("data_offsets");
    long dataLength = fileSize - dataStart;
    if (offsets.length != 2
        || offsets[0] < 0
        || offsets[1] < offsets[0]
        || offsets[1] > dataLength) {
      throw invalid(
          path,
          "data_offsets of '"
              + name
              + "' must be a range within the "
              + dataLength
              + " bytes of data, found "
              + fields.text("data_offsets"));
    }
    String type = fields.string("dtype");
    Shape shape;
    long needed;
    try {
      shape = Shape.of(fields.longs("shape"));
      needed = bytes(type, shape.elementCount());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new InvalidModelException(path + ": tensor '" + name + "': " + e.getMessage(), e);
    }
    long length = offsets[1] - offsets[0];
    if (needed != length) {
      throw invalid(
          path,
          "'"
              + name
              + "' "
              + shape
              + " of "
              + type
              + " needs "
              + needed
              + " bytes, its range has "
              + length);
    }
    return new Range(name, type, shape, dataStart + offsets[0], length);
  }

  private static long bytes(String type, long elements) {
    Integer bits = OTHER_TYPES.get(type);
    return bits == null
        ? Math.multiplyExact(elements, (long) ElementType.ofSafetensorsName(type).byteSize())
        : Math.addExact(Math.multiplyExact(elements, (long) bits), Byte.SIZE - 1) / Byte.SIZE;
  }

  private static void requireFullCover(
      Path path, List<Range> sorted, long dataStart, long fileSize) {
    long end = dataStart;
    for (Range info : sorted) {
      if (info.offset() != end) {
        throw invalid(
            path,
            "'"
                + info.name()
                + "' starts at byte "
                + info.offset()
                + (info.offset() < end ? ", inside the tensor before it" : ", leaving a gap")
                + "; expected "
                + end);
      }
      end += info.length();
    }
    if (end != fileSize) {
      throw invalid(path, (fileSize - end) + " bytes at its end belong to no tensor");
    }
  }

  private static InvalidModelException invalid(Path path, String what) {
    return new InvalidModelException(
        path + " is not a valid safetensors file: " + what + "; get the file again");
  }
}
