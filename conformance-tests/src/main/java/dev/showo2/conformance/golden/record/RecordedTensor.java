package dev.showo2.conformance.golden.record;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** A tensor to be written. */
record RecordedTensor(TensorDeclaration declaration, Element element) {

  /** Puts one element into a buffer. */
  interface Element {
    void put(ByteBuffer to, int index);
  }

  static RecordedTensor of(String name, HostTensor tensor) {
    float[] values = tensor.values();
    return new RecordedTensor(
        new TensorDeclaration(name, ElementType.FLOAT32, tensor.shape()),
        (to, index) -> to.putFloat(values[index]));
  }

  /**
   * @param type {@code INT64} or {@code UINT8}
   */
  static RecordedTensor of(String name, ElementType type, Shape shape, long... values) {
    return new RecordedTensor(
        new TensorDeclaration(name, type, shape),
        type == ElementType.INT64
            ? (to, index) -> to.putLong(values[index])
            : (to, index) -> to.put((byte) values[index]));
  }

  void writeTo(TensorSink sink) throws IOException {
    ByteBuffer chunk =
        ByteBuffer.allocate(TensorSink.MAX_CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int count = Math.toIntExact(declaration.shape().elementCount());
    for (int i = 0; i < count; i++) {
      element.put(chunk, i);
      if (!chunk.hasRemaining() || i == count - 1) {
        sink.accept(chunk.flip());
        chunk.clear();
      }
    }
  }

  /** How {@code cases.json} announces it; the names of types are PyTorch's. */
  JsonObject announcement() {
    JsonArray shape = new JsonArray();
    for (long dimension : declaration.shape().toArray()) {
      shape.add(dimension);
    }
    JsonObject json = new JsonObject();
    json.add("shape", shape);
    json.addProperty("dtype", declaration.type().name().toLowerCase(Locale.ROOT));
    return json;
  }
}
