package dev.showo2.backend.onnx;

import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;

/** Runs the graph of a stage that remembers nothing between two calls. */
record StageRunner(OnnxGraph graph, OnnxValues values, Lifetime lifetime) {

  /** The one output, or the first of several. */
  Tensor run(String output, UnaryOperator<OnnxCall> inputs) {
    return run(List.of(output), inputs).get(0);
  }

  List<Tensor> run(List<String> outputs, UnaryOperator<OnnxCall> inputs) {
    return lifetime.whileOpen(
        () -> {
          try (OnnxCall call = new OnnxCall(graph, values, lifetime)) {
            return inputs.apply(call).run(outputs).stream()
                .<Tensor>map(value -> new OnnxValueTensor(value, lifetime))
                .toList();
          }
        });
  }
}
