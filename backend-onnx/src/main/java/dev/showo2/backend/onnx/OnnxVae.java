package dev.showo2.backend.onnx;

import dev.showo2.model.Architecture;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.support.AbstractVaeStream;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The two directions of the VAE, for images and videos. */
final class OnnxVae {

  private OnnxVae() {}

  record Encoder(OnnxContext context, VaeMemoryLimit memory) implements VaeEncoder {

    private static final List<String> OUTPUTS = List.of("mean", "log_variance");

    @Override
    public LatentDistribution encodeImage(Tensor pixels) {
      return context
          .lifetime()
          .call(
              () -> {
                OnnxValueTensor checked = context.arguments().imagePixels(pixels);
                memory.requireFor(
                    Stage.VAE_IMAGE_ENCODER,
                    checked.shape(),
                    Architecture.VAE_SPATIAL_FACTOR,
                    context.sessions().holdsScores(Stage.VAE_IMAGE_ENCODER));
                try (OnnxCall call = context.call(Stage.VAE_IMAGE_ENCODER)) {
                  return distribution(context, call.input("pixels", checked).run(OUTPUTS));
                }
              });
    }

    @Override
    public VaeEncoderStream openStream(VaeStreamRequest request) {
      context.sessions().graph(Stage.VAE_VIDEO_ENCODER, GraphFile.FIRST);
      return new EncoderStream(context, memory);
    }

    private static LatentDistribution distribution(OnnxContext context, List<NativeValue> results) {
      return new LatentDistribution(context.tensor(results.get(0)), context.tensor(results.get(1)));
    }
  }

  private static final class EncoderStream extends Stream implements VaeEncoderStream {

    private EncoderStream(OnnxContext context, VaeMemoryLimit memory) {
      super(context, memory, Stage.VAE_VIDEO_ENCODER, "pixels", Encoder.OUTPUTS);
    }

    @Override
    public LatentDistribution encode(Tensor pixels) {
      return Encoder.distribution(context(), next(pixels));
    }
  }

  record Decoder(OnnxContext context, VaeMemoryLimit memory) implements VaeDecoder {

    private static final String OUTPUT = "pixels";

    @Override
    public Tensor decodeImage(Tensor latents) {
      return context
          .lifetime()
          .call(
              () -> {
                OnnxValueTensor checked = context.arguments().imageLatents(latents);
                memory.requireFor(
                    Stage.VAE_IMAGE_DECODER,
                    checked.shape(),
                    1,
                    context.sessions().holdsScores(Stage.VAE_IMAGE_DECODER));
                try (OnnxCall call = context.call(Stage.VAE_IMAGE_DECODER)) {
                  return context.tensor(call.input("latents", checked).run(OUTPUT));
                }
              });
    }

    @Override
    public VaeDecoderStream openStream(VaeStreamRequest request) {
      context.sessions().graph(Stage.VAE_VIDEO_DECODER, GraphFile.FIRST);
      return new DecoderStream(context, memory);
    }
  }

  private static final class DecoderStream extends Stream implements VaeDecoderStream {

    private DecoderStream(OnnxContext context, VaeMemoryLimit memory) {
      super(context, memory, Stage.VAE_VIDEO_DECODER, "latents", List.of(Decoder.OUTPUT));
    }

    @Override
    public Tensor decode(Tensor latents) {
      return context().tensor(next(latents).get(0));
    }
  }

  /**
   * A video that the VAE processes: the first chunk through one graph, later ones through another,
   * with the last frames of all convolutions over time handed from run to run.
   */
  private abstract static class Stream extends AbstractVaeStream<OnnxValueTensor> {

    private final OnnxContext context;
    private final VaeMemoryLimit memory;
    private final Stage stage;
    private final String input;
    private final List<String> outputs;
    private List<NativeValue> state = List.of();

    private Stream(
        OnnxContext context,
        VaeMemoryLimit memory,
        Stage stage,
        String input,
        List<String> outputs) {
      super(context.arguments(), stage);
      this.context = context;
      this.memory = memory;
      this.stage = stage;
      this.input = input;
      this.outputs = outputs;
    }

    final OnnxContext context() {
      return context;
    }

    /** The values of the outputs for the next chunk. */
    final List<NativeValue> next(Tensor chunk) {
      return next(chunk, this::run);
    }

    private List<NativeValue> run(OnnxValueTensor chunk) {
      memory.requireFor(
          stage,
          chunk.shape(),
          stage == Stage.VAE_VIDEO_ENCODER ? Architecture.VAE_SPATIAL_FACTOR : 1,
          context.sessions().holdsScores(stage));
      OnnxGraph graph =
          context.sessions().graph(stage, isAtStart() ? GraphFile.FIRST : GraphFile.NEXT);
      List<String> wanted = new ArrayList<>(outputs);
      wanted.addAll(graph.outputs("present_"));
      try (OnnxCall call = context.call(graph)) {
        call.input(input, chunk);
        for (int i = 0; i < state.size(); i++) {
          call.input("past_" + i, state.get(i));
        }
        List<NativeValue> results = call.run(wanted);
        List<NativeValue> old = state;
        state = List.copyOf(results.subList(outputs.size(), results.size()));
        old.forEach(NativeValue::close);
        return results.subList(0, outputs.size());
      }
    }

    @Override
    protected void release() {
      state.forEach(NativeValue::close);
    }
  }
}
