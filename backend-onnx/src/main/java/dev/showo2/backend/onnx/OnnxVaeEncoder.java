package dev.showo2.backend.onnx;

import dev.showo2.model.Architecture;
import dev.showo2.model.GraphFile;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;

record OnnxVaeEncoder(
    OnnxSessions sessions, OnnxValues values, Lifetime lifetime, AttentionMemory memory)
    implements VaeEncoder {

  private static final List<String> OUTPUTS = List.of("mean", "log_variance");

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    memory.requireFor(
        Stage.VAE_IMAGE_ENCODER,
        ChunkShapes.pixels().require(pixels),
        Architecture.VAE_SPATIAL_FACTOR);
    StageRunner runner = new StageRunner(sessions.graph(Stage.VAE_IMAGE_ENCODER), values, lifetime);
    return distribution(runner.run(OUTPUTS, call -> call.input("pixels", pixels)));
  }

  @Override
  public VaeEncoderStream openStream(VaeStreamRequest request) {
    sessions.graph(Stage.VAE_VIDEO_ENCODER, GraphFile.FIRST);
    return new Stream(
        new OnnxStream(sessions, values, lifetime, Stage.VAE_VIDEO_ENCODER, "pixels", OUTPUTS),
        memory,
        ChunkShapes.pixels());
  }

  private static LatentDistribution distribution(List<Tensor> results) {
    return new LatentDistribution(results.get(0), results.get(1));
  }

  private record Stream(OnnxStream stream, AttentionMemory memory, ChunkShapes chunks)
      implements VaeEncoderStream {

    @Override
    public LatentDistribution encode(Tensor pixels) {
      Shape shape = chunks.require(pixels);
      memory.requireFor(Stage.VAE_VIDEO_ENCODER, shape, Architecture.VAE_SPATIAL_FACTOR);
      LatentDistribution latents = distribution(stream.next(pixels));
      chunks.taken(shape);
      return latents;
    }

    @Override
    public void close() {
      stream.close();
    }
  }
}
