package dev.showo2.backend.onnx;

import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.Tensor;
import java.util.List;

record OnnxTimeEmbedding(StageRunner runner) implements TimeEmbedding {

  @Override
  public TimeFeatures embed(TimeEmbeddingRequest request) {
    List<Tensor> results =
        runner.run(
            List.of("vector", "token"),
            call -> call.floats("time", request.times(), request.times().length));
    return new TimeFeatures(results.get(0), results.get(1));
  }
}
