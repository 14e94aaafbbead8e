package dev.showo2.backend.onnx;

import dev.showo2.spi.support.Closer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One run of a graph: collects inputs, and frees afterwards those that were made for it. */
final class OnnxCall implements AutoCloseable {

  private final OnnxGraph graph;
  private final OnnxValues values;
  private final Map<String, NativeValue> inputs = new LinkedHashMap<>();
  private final Map<String, NativeValue> inPlace = new LinkedHashMap<>();
  private final Closer made = new Closer();

  OnnxCall(OnnxGraph graph, OnnxValues values) {
    this.graph = graph;
    this.values = values;
  }

  /** An input that somebody else owns and frees. */
  OnnxCall input(String name, NativeValue value) {
    inputs.put(name, value);
    return this;
  }

  OnnxCall input(String name, OnnxValueTensor tensor) {
    return input(name, tensor.value());
  }

  /** An output of the shape of this value, which the engine writes into. */
  OnnxCall inPlace(String name, NativeValue value) {
    inPlace.put(name, value);
    return this;
  }

  boolean isInPlace() {
    return !inPlace.isEmpty();
  }

  OnnxCall floats(String name, float[] array, long... shape) {
    return input(name, made.add(values.floats(array, shape)));
  }

  OnnxCall integers(String name, long[] array, long... shape) {
    return input(name, made.add(values.integers(array, shape)));
  }

  OnnxCall integer(String name, long value) {
    return integers(name, new long[] {value}, 1);
  }

  OnnxCall bool(String name, boolean value) {
    return input(name, made.add(values.bool(value)));
  }

  /** Parts [B, Sᵢ, D], joined along S. */
  OnnxCall joined(String name, List<OnnxValueTensor> parts) {
    return parts.size() == 1
        ? input(name, parts.get(0))
        : input(name, made.add(values.joined(parts.stream().map(OnnxValueTensor::value).toList())));
  }

  /** Runs the graph; the caller frees the outputs, which are none of those {@link #inPlace}. */
  List<NativeValue> run(List<String> outputs) {
    return graph.run(inputs, outputs, inPlace);
  }

  /** Runs the graph for one output, which the caller frees. */
  NativeValue run(String output) {
    return run(List.of(output)).get(0);
  }

  @Override
  public void close() {
    made.close();
  }
}
