package dev.showo2.backend.onnx;

import dev.showo2.model.GraphFile;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.tensor.Tensor;
import java.util.List;

record OnnxVaeDecoder(
    OnnxSessions sessions, OnnxValues values, Lifetime lifetime, AttentionMemory memory)
    implements VaeDecoder {

  private static final String OUTPUT = "pixels";

  @Override
  public Tensor decodeImage(Tensor latents) {
    memory.requireFor(Stage.VAE_IMAGE_DECODER, latents.shape(), 1);
    return new StageRunner(sessions.graph(Stage.VAE_IMAGE_DECODER), values, lifetime)
        .run(OUTPUT, call -> call.input("latents", latents));
  }

  @Override
  public VaeDecoderStream openStream() {
    sessions.graph(Stage.VAE_VIDEO_DECODER, GraphFile.FIRST);
    return new Stream(
        new OnnxStream(
            sessions, values, lifetime, Stage.VAE_VIDEO_DECODER, "latents", List.of(OUTPUT)),
        memory);
  }

  private record Stream(OnnxStream stream, AttentionMemory memory) implements VaeDecoderStream {

    @Override
    public Tensor decode(Tensor latents) {
      memory.requireFor(Stage.VAE_VIDEO_DECODER, latents.shape(), 1);
      return stream.next(latents).get(0);
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
