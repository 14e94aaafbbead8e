package dev.showo2.backend.onnx;

import dev.showo2.model.GraphFile;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;

record OnnxVaeDecoder(
    OnnxSessions sessions,
    OnnxValues values,
    Lifetime lifetime,
    AttentionMemory memory,
    int channels)
    implements VaeDecoder {

  private static final String OUTPUT = "pixels";

  @Override
  public Tensor decodeImage(Tensor latents) {
    memory.requireFor(Stage.VAE_IMAGE_DECODER, ChunkShapes.latents(channels).require(latents), 1);
    return new StageRunner(sessions.graph(Stage.VAE_IMAGE_DECODER), values, lifetime)
        .run(OUTPUT, call -> call.input("latents", latents));
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    sessions.graph(Stage.VAE_VIDEO_DECODER, GraphFile.FIRST);
    return new Stream(
        new OnnxStream(
            sessions, values, lifetime, Stage.VAE_VIDEO_DECODER, "latents", List.of(OUTPUT)),
        memory,
        ChunkShapes.latents(channels));
  }

  private record Stream(OnnxStream stream, AttentionMemory memory, ChunkShapes chunks)
      implements VaeDecoderStream {

    @Override
    public Tensor decode(Tensor latents) {
      Shape shape = chunks.require(latents);
      memory.requireFor(Stage.VAE_VIDEO_DECODER, shape, 1);
      Tensor pixels = stream.next(latents).get(0);
      chunks.taken(shape);
      return pixels;
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
