package dev.showo2.backend.onnx;

import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of a graph: collects inputs and frees afterwards those that were made for it. */
final class OnnxCall implements AutoCloseable {

  private final OnnxGraph graph;
  private final OnnxValues values;
  private final Lifetime lifetime;
  private final Map<String, NativeValue> inputs = new LinkedHashMap<>();
  private final List<NativeValue> made = new ArrayList<>();

  OnnxCall(OnnxGraph graph, OnnxValues values, Lifetime lifetime) {
    this.graph = graph;
    this.values = values;
    this.lifetime = lifetime;
  }

  /** An input that somebody else owns and frees. */
  OnnxCall input(String name, NativeValue value) {
    inputs.put(name, value);
    return this;
  }

  OnnxCall input(String name, Tensor tensor) {
    return input(name, OnnxValueTensor.of(tensor, lifetime));
  }

  OnnxCall floats(String name, float[] array, long... shape) {
    return own(name, values.floats(array, shape));
  }

  OnnxCall integers(String name, long[] array, long... shape) {
    return own(name, values.integers(array, shape));
  }

  OnnxCall integer(String name, long value) {
    return integers(name, new long[] {value}, 1);
  }

  OnnxCall bool(String name, boolean value) {
    return own(name, values.bool(value));
  }

  OnnxCall joined(String name, List<NativeValue> parts) {
    return parts.size() == 1 ? input(name, parts.get(0)) : own(name, values.joined(parts));
  }

  private OnnxCall own(String name, NativeValue value) {
    made.add(value);
    return input(name, value);
  }

  List<NativeValue> run(List<String> outputs) {
    return graph.run(inputs, outputs);
  }

  /** Runs for one output. */
  Tensor runForTensor(String output) {
    return new OnnxValueTensor(run(List.of(output)).get(0), lifetime);
  }

  @Override
  public void close() {
    made.forEach(NativeValue::free);
  }
}
