package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
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
import java.util.Map;

/** The two directions of the VAE, for images and videos. */
final class TensorRtVae {

  private TensorRtVae() {}

  record Encoder(DeviceContext context) implements VaeEncoder {

    @Override
    public LatentDistribution encodeImage(Tensor pixels) {
      return context
          .lifetime()
          .call(
              () -> {
                DeviceTensor checked = context.arguments().imagePixels(pixels);
                try (StageCall call = context.call(Stage.VAE_IMAGE_ENCODER)) {
                  return distribution(context, call.input("pixels", checked).run());
                }
              });
    }

    @Override
    public VaeEncoderStream openStream(VaeStreamRequest request) {
      context.engines().engine(Stage.VAE_VIDEO_ENCODER, GraphFile.FIRST);
      return new EncoderStream(context);
    }

    private static LatentDistribution distribution(
        DeviceContext context, Map<String, Binding> results) {
      return new LatentDistribution(
          context.tensor(results.get("mean")), context.tensor(results.get("log_variance")));
    }
  }

  private static final class EncoderStream extends Stream implements VaeEncoderStream {

    private EncoderStream(DeviceContext context) {
      super(context, Stage.VAE_VIDEO_ENCODER, "pixels");
    }

    @Override
    public LatentDistribution encode(Tensor pixels) {
      return Encoder.distribution(context(), next(pixels));
    }
  }

  record Decoder(DeviceContext context) implements VaeDecoder {

    @Override
    public Tensor decodeImage(Tensor latents) {
      return context
          .lifetime()
          .call(
              () -> {
                DeviceTensor checked = context.arguments().imageLatents(latents);
                try (StageCall call = context.call(Stage.VAE_IMAGE_DECODER)) {
                  return context.tensor(call.input("latents", checked).run().get("pixels"));
                }
              });
    }

    @Override
    public VaeDecoderStream openStream(VaeStreamRequest request) {
      context.engines().engine(Stage.VAE_VIDEO_DECODER, GraphFile.FIRST);
      return new DecoderStream(context);
    }
  }

  private static final class DecoderStream extends Stream implements VaeDecoderStream {

    private DecoderStream(DeviceContext context) {
      super(context, Stage.VAE_VIDEO_DECODER, "latents");
    }

    @Override
    public Tensor decode(Tensor latents) {
      return context().tensor(next(latents).get("pixels"));
    }
  }

  /**
   * A video that the VAE processes: the first chunk through one graph, later ones through another,
   * with the last frames of all convolutions over time handed from run to run on the GPU.
   */
  private abstract static class Stream extends AbstractVaeStream<DeviceTensor> {

    private final DeviceContext context;
    private final Stage stage;
    private final String input;
    private List<Binding> state = List.of();

    private Stream(DeviceContext context, Stage stage, String input) {
      super(context.arguments(), stage);
      this.context = context;
      this.stage = stage;
      this.input = input;
    }

    final DeviceContext context() {
      return context;
    }

    /** The outputs for the next chunk but its state, which the caller frees. */
    final Map<String, Binding> next(Tensor chunk) {
      return next(chunk, this::run);
    }

    private Map<String, Binding> run(DeviceTensor chunk) {
      try (StageCall call = context.call(stage, isAtStart() ? GraphFile.FIRST : GraphFile.NEXT)) {
        call.input(input, chunk);
        for (int i = 0; i < state.size(); i++) {
          call.input("past_" + i, state.get(i));
        }
        Map<String, Binding> results = call.run();
        List<Binding> old = state;
        List<Binding> states = new ArrayList<>();
        while (results.containsKey("present_" + states.size())) {
          states.add(results.remove("present_" + states.size()));
        }
        state = List.copyOf(states);
        free(old);
        return results;
      }
    }

    private void free(List<Binding> states) {
      states.forEach(each -> context.queue().free(each.memory()));
    }

    @Override
    protected void release() {
      free(state);
    }
  }
}
