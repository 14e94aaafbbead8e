package dev.showo2.backend.tensorrt.internal.device;

import dev.showo2.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * An engine to be built.
 *
 * @param graph ONNX file, beside which its external weights lie
 * @param outputs of the graph to compute, in order; the others are left out
 * @param profiles at least one; a call chooses one that its shapes lie within
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record EngineSpec(Path graph, List<String> outputs, List<Profile> profiles) {

  /** Copies the lists. */
  public EngineSpec {
    outputs = List.copyOf(outputs);
    profiles = List.copyOf(profiles);
  }

  /**
   * The shapes that an engine is made for.
   *
   * @param shapes of all inputs, by name
   * @param values of those inputs from which shapes are computed, by name
   */
  public record Profile(Map<String, Range> shapes, Map<String, Range> values) {

    /** Copies the maps. */
    public Profile {
      shapes = Map.copyOf(shapes);
      values = Map.copyOf(values);
    }
  }

  /**
   * Bounds of a shape, and the one it is made fast for.
   *
   * @param typical lies within the bounds
   */
  public record Range(Shape least, Shape typical, Shape most) {

    /** Tells whether all sizes of a shape lie within the bounds. */
    public boolean contains(Shape shape) {
      if (shape.rank() != least.rank()) {
        return false;
      }
      for (int axis = 0; axis < shape.rank(); axis++) {
        long size = shape.dimension(axis);
        if (size < least.dimension(axis) || size > most.dimension(axis)) {
          return false;
        }
      }
      return true;
    }
  }
}
