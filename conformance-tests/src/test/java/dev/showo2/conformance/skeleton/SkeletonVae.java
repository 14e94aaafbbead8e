package dev.showo2.conformance.skeleton;

import dev.showo2.spi.support.AbstractVaeStream;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;

/** Both directions of the VAE. */
final class SkeletonVae {

  private final HostEngine engine;
  private final StageArguments<SkeletonTensor, SkeletonCache> arguments;
  private final int channels;

  SkeletonVae(
      HostEngine engine, StageArguments<SkeletonTensor, SkeletonCache> arguments, int channels) {
    this.engine = engine;
    this.arguments = arguments;
    this.channels = channels;
  }

  private SkeletonTensor tensor(HostEngine.Buffer buffer) {
    return new SkeletonTensor(arguments.lifetime(), buffer);
  }

  private LatentDistribution distribution(HostEngine.Buffer mean) {
    return new LatentDistribution(tensor(mean), tensor(engine.negative(mean)));
  }

  VaeEncoder encoder() {
    return new VaeEncoder() {
      @Override
      public LatentDistribution encodeImage(Tensor pixels) {
        return arguments
            .lifetime()
            .call(
                () -> {
                  SkeletonTensor checked = arguments.imagePixels(pixels);
                  return distribution(engine.encode(checked.buffer(), null, channels));
                });
      }

      @Override
      public VaeEncoderStream openStream(VaeStreamRequest request) {
        return new EncoderStream();
      }
    };
  }

  VaeDecoder decoder() {
    return new VaeDecoder() {
      @Override
      public Tensor decodeImage(Tensor latents) {
        return arguments
            .lifetime()
            .call(
                () -> {
                  SkeletonTensor checked = arguments.imageLatents(latents);
                  return tensor(engine.decode(checked.buffer(), null, 1));
                });
      }

      @Override
      public VaeDecoderStream openStream(VaeStreamRequest request) {
        return new DecoderStream();
      }
    };
  }

  private abstract class Stream extends AbstractVaeStream<SkeletonTensor> {

    HostEngine.Buffer remembered;

    private Stream(Stage stage) {
      super(arguments, stage);
    }

    void keep(HostEngine.Buffer buffer) {
      release();
      remembered = engine.copy(buffer);
    }

    @Override
    protected void release() {
      if (remembered != null) {
        remembered.free();
      }
    }
  }

  private final class EncoderStream extends Stream implements VaeEncoderStream {

    private EncoderStream() {
      super(Stage.VAE_VIDEO_ENCODER);
    }

    @Override
    public LatentDistribution encode(Tensor pixels) {
      return next(
          pixels,
          chunk -> {
            HostEngine.Buffer mean = engine.encode(chunk.buffer(), remembered, channels);
            keep(mean);
            return distribution(mean);
          });
    }
  }

  private final class DecoderStream extends Stream implements VaeDecoderStream {

    private DecoderStream() {
      super(Stage.VAE_VIDEO_DECODER);
    }

    @Override
    public Tensor decode(Tensor latents) {
      return next(
          latents,
          chunk -> {
            HostEngine.Buffer pixels =
                engine.decode(chunk.buffer(), remembered, isAtStart() ? 1 : 4);
            keep(chunk.buffer());
            return tensor(pixels);
          });
    }
  }
}
