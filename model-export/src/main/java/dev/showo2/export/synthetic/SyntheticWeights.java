package dev.showo2.export.synthetic;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.TensorSink;
import dev.showo2.export.checkpoint.Weights;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/**
 * Weights that come into being while they are read. The values of a tensor depend on the seed, its
 * key and its shape, not on what was read before.
 */
final class SyntheticWeights implements Weights {

  private final Map<String, Shape> shapes;
  private final long seed;

  SyntheticWeights(Map<String, Shape> shapes, long seed) {
    this.shapes = shapes;
    this.seed = seed;
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
    return ElementType.FLOAT32;
  }

  @Override
  public String sharedWith(String name) {
    shape(name);
    return name;
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    Shape shape = shape(name);
    WeightScale scale = WeightScale.of(name, shape);
    SplitMix random = new SplitMix(seed, name);
    long remaining = shape.elementCount();
    int capacity = (int) Math.min(remaining, TensorSink.MAX_CHUNK_BYTES / Float.BYTES);
    ByteBuffer chunk = ByteBuffer.allocate(capacity * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (remaining > 0) {
      int count = (int) Math.min(capacity, remaining);
      chunk.clear();
      for (int i = 0; i < count; i++) {
        chunk.putFloat(scale.center() + scale.radius() * random.nextFloat());
      }
      sink.accept(chunk.flip());
      remaining -= count;
    }
  }

  @Override
  public void close() {}
}
