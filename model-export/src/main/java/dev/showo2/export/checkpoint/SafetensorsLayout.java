package dev.showo2.export.checkpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.model.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The header of a safetensors file to be written, and where it puts each tensor. */
record SafetensorsLayout(ByteBuffer header, Map<String, TensorInfo> tensors) {

  /** The format asks for 8; a cache line lets engines map the values as they are. */
  private static final int ALIGNMENT = 64;

  private static final int LENGTH_BYTES = 8;

  static SafetensorsLayout of(List<TensorDeclaration> declarations, Map<String, String> metadata) {
    JsonObject root = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject texts = new JsonObject();
      metadata.forEach(texts::addProperty);
      root.add("__metadata__", texts);
    }
    long end = 0;
    for (TensorDeclaration declaration : declarations) {
      if (root.has(declaration.name())) {
        throw new IllegalArgumentException("tensor '" + declaration.name() + "' is declared twice");
      }
      long begin = end;
      end = plus(begin, declaration);
      root.add(declaration.name(), entry(declaration, begin, end));
    }
    ByteBuffer header = padded(root.toString().getBytes(StandardCharsets.UTF_8));
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    long offset = header.remaining();
    for (TensorDeclaration declaration : declarations) {
      tensors.put(
          declaration.name(),
          new TensorInfo(
              declaration.name(),
              declaration.type(),
              declaration.shape(),
              offset,
              declaration.byteLength()));
      offset = plus(offset, declaration);
    }
    return new SafetensorsLayout(header, Collections.unmodifiableMap(tensors));
  }

  private static long plus(long offset, TensorDeclaration declaration) {
    try {
      return Math.addExact(offset, declaration.byteLength());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("the tensors are larger than any file", e);
    }
  }

  private static JsonObject entry(TensorDeclaration declaration, long begin, long end) {
    JsonArray shape = new JsonArray();
    for (long dimension : declaration.shape().toArray()) {
      shape.add(dimension);
    }
    JsonArray offsets = new JsonArray();
    offsets.add(begin);
    offsets.add(end);
    JsonObject entry = new JsonObject();
    entry.addProperty("dtype", declaration.type().safetensorsName());
    entry.add("shape", shape);
    entry.add("data_offsets", offsets);
    return entry;
  }

  /** Length, JSON and spaces up to the alignment, which readers skip as JSON white space. */
  private static ByteBuffer padded(byte[] json) {
    int size = (LENGTH_BYTES + json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(size - LENGTH_BYTES).put(json);
    while (header.hasRemaining()) {
      header.put((byte) ' ');
    }
    return header.flip();
  }
}
