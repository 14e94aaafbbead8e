package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A short call of one stage with inputs of its own, the same each time.
 *
 * @param name such as {@code Fusion.fuse latents}
 */
record StageCall(String name, Stage stage, Run run) {

  /** Makes the inputs and runs the stage. */
  interface Run {

    /**
     * @param inputs takes the inputs, caches and streams; whoever calls closes it
     * @return the results; whoever calls closes them
     */
    List<Tensor> on(Backend backend, ResourceScope inputs);
  }

  /** Calls of all stages that the backend under test has. */
  static List<StageCall> allOf(CheckContext context) {
    List<StageCall> calls = new ArrayList<>();
    calls.add(
        new StageCall(
            "TextEmbedding.embed",
            Stage.TEXT_EMBEDDING,
            (backend, inputs) ->
                List.of(
                    backend
                        .textEmbedding()
                        .embed(TextEmbeddingRequest.of(new int[][] {{1, 2, 3}, {4, 5, 6}})))));
    calls.add(
        new StageCall(
            "TimeEmbedding.embed",
            Stage.TIME_EMBEDDING,
            (backend, inputs) -> {
              TimeFeatures features =
                  backend
                      .timeEmbedding()
                      .embed(TimeEmbeddingRequest.of(new float[] {0.25f, 0.75f}));
              return List.of(features.vector(), features.token());
            }));
    TensorCall.allOf(context).forEach(call -> calls.add(call.withArgument()));
    return calls.stream()
        .filter(call -> context.backend().capabilities().supports(call.stage()))
        .toList();
  }

  /** All results; nothing stays open. */
  List<HostTensor> values(Backend backend) {
    try (ResourceScope held = new ResourceScope()) {
      return hostValues(run.on(backend, held));
    }
  }

  /** Reads and closes results. */
  static List<HostTensor> hostValues(List<Tensor> results) {
    try (ResourceScope held = new ResourceScope()) {
      results.forEach(held::add);
      return results.stream().map(Tensor::toHost).toList();
    }
  }
}
