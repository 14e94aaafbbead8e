package dev.showo2.backend.onnx;

import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.tensor.Tensor;

record OnnxVaeDecoder(StageRunner runner) implements VaeDecoder {

  @Override
  public Tensor decodeImage(Tensor latents) {
    return runner.run("pixels", call -> call.input("latents", latents));
  }

  @Override
  public VaeDecoderStream openStream() {
    throw OnnxBackend.missing(Stage.VAE_VIDEO_DECODER);
  }
}
