package dev.showo2.conformance.internal.check;

import dev.showo2.model.Architecture;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Short calls of all stages that a backend has. */
final class StageCalls {

  private StageCalls() {}

  /** All there are. */
  static List<StageCall> of(CheckContext trial) {
    List<StageCall> calls = new ArrayList<>();
    calls.add(
        new StageCall(
            "TextEmbedding.embed",
            Stage.TEXT_EMBEDDING,
            (backend, inputs) ->
                List.of(
                    backend
                        .textEmbedding()
                        .embed(new TextEmbeddingRequest(new int[][] {{1, 2, 3}, {4, 5, 6}})))));
    calls.add(
        new StageCall(
            "TimeEmbedding.embed",
            Stage.TIME_EMBEDDING,
            (backend, inputs) -> {
              TimeFeatures features =
                  backend
                      .timeEmbedding()
                      .embed(new TimeEmbeddingRequest(new float[] {0.25f, 0.75f}));
              return List.of(features.vector(), features.token());
            }));
    withTensors(trial).forEach(call -> calls.add(call.withArgument()));
    return calls.stream()
        .filter(call -> trial.backend().capabilities().supports(call.stage()))
        .toList();
  }

  /** Those that take a tensor, once for each of their tensors. */
  static List<TensorCall> withTensors(CheckContext trial) {
    Architecture architecture = trial.bundle().architecture();
    return Stream.concat(
            TransformerCalls.of(architecture).stream(), ImageCalls.of(architecture).stream())
        .filter(call -> trial.backend().capabilities().supports(call.stage()))
        .toList();
  }
}
