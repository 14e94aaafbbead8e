package dev.showo2.backend.onnx;

import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.tensor.Tensor;
import java.util.List;

record OnnxVaeEncoder(StageRunner runner) implements VaeEncoder {

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    List<Tensor> results =
        runner.run(List.of("mean", "log_variance"), call -> call.input("pixels", pixels));
    return new LatentDistribution(results.get(0), results.get(1));
  }

  @Override
  public VaeEncoderStream openStream() {
    throw OnnxBackend.missing(Stage.VAE_VIDEO_ENCODER);
  }
}
