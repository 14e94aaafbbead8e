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

/** The header of a safetensors file: 8 bytes of length, then JSON that lists the tensors. */
record SafetensorsHeader(Map<String, TensorInfo> tensors, Map<String, String> metadata) {

  private static final int LENGTH_BYTES = 8;

  /** The limit of the reference implementation; no known header comes near it. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private static final String METADATA = "__metadata__";

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
    List<TensorInfo> infos = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> entry : root.entrySet()) {
      JsonFields fields =
          JsonFields.of(entry.getValue(), path + ": tensor '" + entry.getKey() + "'");
      if (entry.getKey().equals(METADATA)) {
        fields.names().forEach(name -> metadata.put(name, fields.string(name)));
      } else {
        infos.add(tensor(path, entry.getKey(), fields, dataStart, fileSize));
      }
    }
    infos.sort(Comparator.comparingLong(TensorInfo::offset).thenComparing(TensorInfo::byteLength));
    requireFullCover(path, infos, dataStart, fileSize);
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    infos.forEach(info -> tensors.put(info.name(), info));
    return new SafetensorsHeader(
        Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
  }

  private static TensorInfo tensor(
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
    ElementType type;
    Shape shape;
    long needed;
    try {
      type = ElementType.ofSafetensorsName(fields.string("dtype"));
      shape = Shape.of(fields.longs("shape"));
      needed = Math.multiplyExact(shape.elementCount(), (long) type.byteSize());
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
    return new TensorInfo(name, type, shape, dataStart + offsets[0], length);
  }

  private static void requireFullCover(
      Path path, List<TensorInfo> sorted, long dataStart, long fileSize) {
    long end = dataStart;
    for (TensorInfo info : sorted) {
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
      end += info.byteLength();
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
