package dev.showo2.export.fake;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.Fusion;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;

/** Gives tensors of the right shapes without computing anything. */
final class FakeBackend implements Backend {

  private final Architecture sizes;
  private final Behavior behavior;
  private final int width;

  FakeBackend(Architecture sizes, Behavior behavior) {
    this.sizes = sizes;
    this.behavior = behavior;
    this.width = sizes.backbone().hiddenSize();
    behavior.open.add(this);
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.of(behavior.offered());
  }

  @Override
  public TextEmbedding textEmbedding() {
    return request ->
        behavior.result(Stage.TEXT_EMBEDDING, request.ids().length, request.ids()[0].length, width);
  }

  @Override
  public TimeEmbedding timeEmbedding() {
    return request -> {
      FakeTensor vector =
          behavior.result(
              Stage.TIME_EMBEDDING, request.times().length, sizes.flowHead().hiddenSize());
      return new TimeFeatures(
          vector, behavior.secondResult(Stage.TIME_EMBEDDING, request.times().length, 1, width));
    };
  }

  @Override
  public Fusion fusion() {
    return request -> {
      Shape latents = request.latents().shape();
      if (request.grid().isPresent()) {
        int resized = request.grid().get().tokens();
        return behavior.result(Stage.FUSION_RESIZE, latents.dimension(0), resized, width);
      }
      long tokens = latents.dimension(3) / 2 * (latents.dimension(4) / 2);
      return behavior.result(Stage.FUSION, latents.dimension(0), tokens, width);
    };
  }

  @Override
  public Backbone backbone() {
    return new FakeBackbone(behavior, width);
  }

  @Override
  public LanguageHead languageHead() {
    return request -> behavior.result(Stage.LANGUAGE_HEAD, 1, 1, sizes.backbone().vocabularySize());
  }

  @Override
  public FlowHead flowHead() {
    return new FakeFlowHead(behavior);
  }

  @Override
  public VaeEncoder vaeEncoder() {
    return new VaeEncoder() {
      @Override
      public LatentDistribution encodeImage(Tensor pixels) {
        return encode(Stage.VAE_IMAGE_ENCODER, pixels);
      }

      @Override
      public VaeEncoderStream openStream(VaeStreamRequest request) {
        return new VaeEncoderStream() {
          @Override
          public LatentDistribution encode(Tensor pixels) {
            return FakeBackend.this.encode(Stage.VAE_VIDEO_ENCODER, pixels);
          }

          @Override
          public void close() {}
        };
      }
    };
  }

  @Override
  public VaeDecoder vaeDecoder() {
    return new VaeDecoder() {
      @Override
      public Tensor decodeImage(Tensor latents) {
        return decode(Stage.VAE_IMAGE_DECODER, latents, 1);
      }

      @Override
      public VaeDecoderStream openStream(VaeStreamRequest request) {
        return new VaeDecoderStream() {
          private int frames = 1;

          @Override
          public Tensor decode(Tensor latents) {
            Tensor pixels = FakeBackend.this.decode(Stage.VAE_VIDEO_DECODER, latents, frames);
            frames = 4;
            return pixels;
          }

          @Override
          public void close() {}
        };
      }
    };
  }

  private LatentDistribution encode(Stage stage, Tensor pixels) {
    long h = pixels.shape().dimension(3) / 8;
    long w = pixels.shape().dimension(4) / 8;
    return new LatentDistribution(
        behavior.result(stage, 1, 16, 1, h, w), behavior.secondResult(stage, 1, 16, 1, h, w));
  }

  private Tensor decode(Stage stage, Tensor latents, int frames) {
    long h = latents.shape().dimension(3) * 8;
    long w = latents.shape().dimension(4) * 8;
    return behavior.result(stage, 1, 3, frames, h, w);
  }

  @Override
  public Tensor upload(FloatBuffer values, Shape shape) {
    float[] copy = new float[(int) shape.elementCount()];
    values.get(copy);
    return new FakeTensor(behavior, new HostTensor(shape, copy));
  }

  @Override
  public void close() {
    behavior.open.remove(this);
  }
}
