package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.EngineCall;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.spi.support.Closer;
import dev.showo2.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** One run of an engine: collects inputs, and frees afterwards those that were made for it. */
final class StageCall implements AutoCloseable {

  private final StageEngine engine;
  private final DeviceQueue queue;
  private final Map<String, Binding> inputs = new LinkedHashMap<>();
  private final Map<String, long[]> values = new LinkedHashMap<>();
  private final Closer made = new Closer();

  StageCall(StageEngine engine, DeviceQueue queue) {
    this.engine = engine;
    this.queue = queue;
  }

  /** An input that somebody else owns and frees. */
  StageCall input(String name, Binding binding) {
    inputs.put(name, binding);
    return this;
  }

  StageCall input(String name, DeviceTensor tensor) {
    return input(name, tensor.binding());
  }

  /** An input that is freed after the run. */
  StageCall own(String name, Binding binding) {
    made(binding.memory());
    return input(name, binding);
  }

  StageCall floats(String name, float[] array, long... shape) {
    return own(
        name,
        new Binding(
            queue.upload(
                (long) array.length * Float.BYTES, bytes -> bytes.asFloatBuffer().put(array)),
            Shape.of(shape)));
  }

  StageCall integers(String name, long[] array, long... shape) {
    return own(
        name,
        new Binding(
            queue.upload(
                (long) array.length * Long.BYTES, bytes -> bytes.asLongBuffer().put(array)),
            Shape.of(shape)));
  }

  StageCall bool(String name, boolean value) {
    return own(
        name,
        new Binding(queue.upload(1, bytes -> bytes.put((byte) (value ? 1 : 0))), Shape.of(1)));
  }

  /** An input of one integer from which shapes are computed. */
  StageCall shapeValue(String name, long value) {
    values.put(name, new long[] {value});
    return this;
  }

  private void made(DeviceMemory memory) {
    made.add(() -> queue.free(memory));
  }

  /** Enqueues the run; the caller frees the outputs. */
  Map<String, Binding> run() {
    // An engine answers with the shapes that it was told last.
    return queue.inOrder(this::enqueue);
  }

  private Map<String, Binding> enqueue() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    inputs.forEach((name, binding) -> shapes.put(name, binding.shape()));
    int profile = engine.profile(shapes);
    Map<String, Binding> outputs = new LinkedHashMap<>();
    try (Closer closer = new Closer()) {
      engine
          .engine()
          .outputShapes(profile, shapes, values)
          .forEach(
              (name, shape) -> {
                DeviceMemory memory =
                    queue.allocate(Math.max(1, shape.elementCount() * Float.BYTES));
                closer.add(() -> queue.free(memory));
                outputs.put(name, new Binding(memory, shape));
              });
      queue.enqueue(engine.engine(), new EngineCall(profile, inputs, values, outputs));
      closer.keepAll();
      return outputs;
    }
  }

  @Override
  public void close() {
    made.close();
  }
}
