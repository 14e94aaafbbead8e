package dev.showo2.backend.tensorrt.internal.device;

import dev.showo2.tensor.Shape;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * One run of an engine.
 *
 * @param profile index into the profiles that the engine was built with
 * @param inputs by name, all that are not in {@code values}
 * @param values of the inputs from which shapes are computed, which the library reads on the host
 * @param outputs by name, all of the engine, of the shapes that {@link Engine#outputShapes} gives
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record EngineCall(
    int profile,
    Map<String, Binding> inputs,
    Map<String, long[]> values,
    Map<String, Binding> outputs) {

  /** Copies the maps: callers take what they want from theirs. */
  public EngineCall {
    inputs = Map.copyOf(inputs);
    values = Map.copyOf(values);
    outputs = Map.copyOf(outputs);
  }

  /**
   * The memory of one input or output.
   *
   * @param memory of at least as many bytes as the shape needs
   */
  public record Binding(DeviceMemory memory, Shape shape) {}
}
