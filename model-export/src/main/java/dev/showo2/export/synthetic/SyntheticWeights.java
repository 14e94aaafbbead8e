package dev.showo2.export.synthetic;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.quantization.HalfRounding;
import dev.showo2.model.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/**
 * CheckpointWeights that come into being while they are read. The values of a tensor depend on the
 * seed, its key and its shape, not on what was read before; of a narrower type they are the same,
 * rounded.
 */
final class SyntheticWeights implements CheckpointWeights {

  private final Map<String, Shape> shapes;
  private final Map<String, String> secondNames;
  private final long seed;
  private final ElementType type;

  /** 32-bit floats of which no two share their values. */
  SyntheticWeights(Map<String, Shape> shapes, long seed) {
    this(shapes, Map.of(), seed, ElementType.FLOAT32);
  }

  /**
   * @param secondNames keys that stand for the values of another, by that other
   * @param type FLOAT32, FLOAT16 or BFLOAT16
   */
  SyntheticWeights(
      Map<String, Shape> shapes, Map<String, String> secondNames, long seed, ElementType type) {
    this.shapes = shapes;
    this.secondNames = secondNames;
    this.seed = seed;
    this.type = type;
  }

  @Override
  public Set<String> names() {
    return shapes.keySet();
  }

  @Override
  public Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new InvalidModelException("the synthetic checkpoint has no tensor '" + name + "'");
    }
    return shape;
  }

  @Override
  public ElementType type(String name) {
    shape(name);
    return type;
  }

  @Override
  public String sharedWith(String name) {
    shape(name);
    return secondNames.getOrDefault(name, name);
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    Shape shape = shape(name);
    String first = sharedWith(name);
    WeightScale scale = WeightScale.of(first, shape);
    SplitMix random = new SplitMix(seed, first);
    long remaining = shape.elementCount();
    int capacity = (int) Math.min(remaining, TensorSink.MAX_CHUNK_BYTES / type.byteSize());
    ByteBuffer chunk =
        ByteBuffer.allocate(capacity * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
    while (remaining > 0) {
      int count = (int) Math.min(capacity, remaining);
      fill(chunk.clear(), count, scale, random);
      sink.accept(chunk.flip());
      remaining -= count;
    }
  }

  /** One loop for each type: there are billions of values. */
  private void fill(ByteBuffer chunk, int count, WeightScale scale, SplitMix random) {
    float center = scale.center();
    float radius = scale.radius();
    switch (type) {
      case BFLOAT16 -> {
        for (int i = 0; i < count; i++) {
          chunk.putShort(HalfRounding.toBfloat16(center + radius * random.nextFloat()));
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < count; i++) {
          chunk.putShort(HalfRounding.toFloat16(center + radius * random.nextFloat()));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          chunk.putFloat(center + radius * random.nextFloat());
        }
      }
    }
  }

  @Override
  public void close() {}
}
