package dev.showo2.export.synthetic;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.quantization.HalfRounding;
import dev.showo2.model.SafetensorsWriter.TensorSink;
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
   * @param secondNames keys that name the values of another, by that other
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

  /**
   * The SplitMix64 generator of Steele, Lea and Flood ("Fast Splittable Pseudorandom Number
   * Generators", 2014). Written out, because the bytes of a checkpoint must not depend on the Java
   * version, and fast, because there are billions of them.
   */
  static final class SplitMix {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;
    private static final float UNIT = 0x1p-24f;

    private long state;

    /**
     * @param seed of the whole
     * @param stream of which each name has its own
     */
    SplitMix(long seed, String stream) {
      state = seed;
      for (int i = 0; i < stream.length(); i++) {
        state = nextLong() ^ stream.charAt(i);
      }
    }

    long nextLong() {
      state += GOLDEN_GAMMA;
      long mixed = (state ^ state >>> 30) * 0xbf58476d1ce4e5b9L;
      mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
      return mixed ^ mixed >>> 31;
    }

    /** Evenly distributed from -1 to below 1. */
    float nextFloat() {
      return 2 * UNIT * (nextLong() >>> 40) - 1;
    }
  }

  /**
   * Range of the values of a weight: evenly between {@code center - radius} and {@code center +
   * radius}. Activations keep about their size from layer to layer, and no weight is zero or one
   * throughout, so that a layer that is left out, or taken for another, shows.
   */
  private record WeightScale(float center, float radius) {

    private static final WeightScale BIAS = new WeightScale(0, 0.1f);
    private static final WeightScale NORM = new WeightScale(1, 0.25f);

    static WeightScale of(String key, Shape shape) {
      if (key.endsWith(".bias")) {
        return BIAS;
      }
      if (key.endsWith(".gamma") || shape.rank() == 1) {
        return NORM;
      }
      long inputs = shape.elementCount() / shape.dimension(0);
      // The variance of an even distribution is a third of its radius squared.
      return new WeightScale(0, (float) Math.sqrt(3.0 / inputs));
    }
  }
}
