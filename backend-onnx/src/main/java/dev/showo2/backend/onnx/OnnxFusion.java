package dev.showo2.backend.onnx;

import dev.showo2.stage.Fusion;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;

record OnnxFusion(StageRunner runner) implements Fusion {

  @Override
  public Tensor fuse(FusionRequest request) {
    if (request.grid().isPresent()) {
      throw OnnxBackend.missing(Stage.FUSION_RESIZE);
    }
    return runner.run("tokens", call -> call.input("latents", request.latents()));
  }
}
