package dev.showo2.train.checkpoint;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.checkpoint.FloatConversion;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Weights in 32-bit floats of which each has a source of its own. Thread-safe as far as the sources
 * are; closes none of them.
 */
final class ComposedWeights implements CheckpointWeights {

  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Map<String, String> shared = new LinkedHashMap<>();

  /**
   * A weight.
   *
   * @param values as 32-bit floats
   */
  private record Part(Shape shape, TensorSource values) {}

  /** Adds a weight behind those that are there. */
  void add(String name, Shape shape, TensorSource values) {
    parts.put(name, new Part(shape, values));
  }

  /** Adds a weight that others have under the same or another name. */
  void add(String name, CheckpointWeights weights, String stored) {
    add(name, weights.shape(stored), floats(weights, stored));
  }

  /** Adds a second name of a weight, which shares its values. */
  void share(String name, String first) {
    parts.put(name, parts.get(first));
    shared.put(name, first);
  }

  /** The values of a weight in 32-bit floats. */
  static TensorSource floats(CheckpointWeights weights, String name) {
    return sink -> weights.read(name, FloatConversion.toFloat32(name, weights.type(name), sink));
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(parts.keySet());
  }

  @Override
  public Shape shape(String name) {
    return part(name).shape();
  }

  @Override
  public ElementType type(String name) {
    part(name);
    return ElementType.FLOAT32;
  }

  @Override
  public String sharedWith(String name) {
    part(name);
    return shared.getOrDefault(name, name);
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    part(name).values().writeTo(sink);
  }

  private Part part(String name) {
    Part part = parts.get(name);
    if (part == null) {
      throw new InvalidModelException("the model has no weight '" + name + "'");
    }
    return part;
  }

  @Override
  public void close() {}
}
