package dev.showo2.conformance.internal.golden;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Safetensors files for tests, from {@link HostTensor}s (F32) and {@link Ids} (I64). */
public final class SafetensorsBytes {

  /** Integers under a shape. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Ids(Shape shape, long... values) {}

  private SafetensorsBytes() {}

  public static byte[] of(Map<String, ?> tensors) {
    JsonObject header = new JsonObject();
    ByteBuffer data = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    tensors.forEach(
        (name, tensor) -> {
          int start = data.position();
          Shape shape;
          if (tensor instanceof HostTensor floats) {
            shape = floats.shape();
            for (float value : floats.values()) {
              data.putFloat(value);
            }
          } else {
            shape = ((Ids) tensor).shape();
            for (long value : ((Ids) tensor).values()) {
              data.putLong(value);
            }
          }
          JsonObject entry = new JsonObject();
          entry.addProperty("dtype", tensor instanceof HostTensor ? "F32" : "I64");
          entry.add("shape", dimensions(shape));
          JsonArray offsets = new JsonArray();
          offsets.add(start);
          offsets.add(data.position());
          entry.add("data_offsets", offsets);
          header.add(name, entry);
        });
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + data.position());
    file.order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).put(json).put(data.flip());
    return file.array();
  }

  static JsonArray dimensions(Shape shape) {
    JsonArray array = new JsonArray();
    for (long dimension : shape.toArray()) {
      array.add(dimension);
    }
    return array;
  }
}
