package dev.showo2.export.internal.lora;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** CheckpointWeights in memory, handed out in chunks of any length. */
final class ArrayWeights implements CheckpointWeights {

  private record Tensor(Shape shape, ElementType type, float[] values) {}

  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final int chunkElements;
  private int closed;
  private RuntimeException closeFailure;

  /**
   * @param chunkElements of every chunk but the last
   */
  ArrayWeights(int chunkElements) {
    this.chunkElements = chunkElements;
  }

  /** Seeded values, the same for the same name, that half precision holds. */
  ArrayWeights seeded(String name, ElementType type, long... shape) {
    return add(name, type, values(name, Shape.of(shape)), shape);
  }

  ArrayWeights add(String name, ElementType type, float[] values, long... shape) {
    tensors.put(name, new Tensor(Shape.of(shape), type, values));
    return this;
  }

  /** A second name for the same memory. */
  ArrayWeights view(String name, String of) {
    tensors.put(name, tensors.get(of));
    return this;
  }

  static float[] values(String name, Shape shape) {
    Random random = new Random(name.hashCode());
    float[] values = new float[(int) shape.elementCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (random.nextInt(255) - 127) / 128f;
    }
    return values;
  }

  void failToClose(RuntimeException failure) {
    closeFailure = failure;
  }

  int timesClosed() {
    return closed;
  }

  @Override
  public Set<String> names() {
    return tensors.keySet();
  }

  @Override
  public Shape shape(String name) {
    return tensor(name).shape;
  }

  @Override
  public ElementType type(String name) {
    return tensor(name).type;
  }

  @Override
  public String sharedWith(String name) {
    Tensor shared = tensor(name);
    return tensors.entrySet().stream()
        .filter(entry -> entry.getValue() == shared)
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    Tensor tensor = tensor(name);
    int next = 0;
    while (next < tensor.values.length) {
      int end = Math.min(tensor.values.length, next + chunkElements);
      ByteBuffer chunk =
          ByteBuffer.allocate((end - next) * tensor.type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
      for (; next < end; next++) {
        if (tensor.type == ElementType.BFLOAT16) {
          chunk.putShort((short) (Float.floatToIntBits(tensor.values[next]) >>> 16));
        } else {
          chunk.putFloat(tensor.values[next]);
        }
      }
      sink.accept(chunk.flip());
    }
  }

  private Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidModelException("no tensor '" + name + "'");
    }
    return tensor;
  }

  @Override
  public void close() {
    closed++;
    if (closeFailure != null) {
      throw closeFailure;
    }
  }
}
