package dev.showo2.testing;

import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.Stage;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Gray images, videos whose gray level is the index of the frame, and latents of zero. */
final class PlainVae implements VaeEncoder, VaeDecoder {

  private static final int FACTOR = 8;

  private final FakeResults results;
  private final int channels;
  private Optional<HostTensor> mean = Optional.empty();
  private UnaryOperator<HostTensor> decoder =
      latents -> HostTensor.zeros(pixels(latents.shape(), 1));
  private Consumer<float[]> onPixels = pixels -> {};

  PlainVae(FakeResults results, int channels) {
    this.results = results;
    this.channels = channels;
  }

  void encodingAs(HostTensor values) {
    mean = Optional.of(values);
  }

  void decodingBy(UnaryOperator<HostTensor> values) {
    decoder = values;
  }

  void watchingPixels(Consumer<float[]> watcher) {
    onPixels = watcher;
  }

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    FakeTensor open = results.open(pixels);
    results.log().call("encode " + open.shape());
    onPixels.accept(open.values().values());
    return encoded(Stage.VAE_IMAGE_ENCODER, open.shape());
  }

  private LatentDistribution encoded(Stage stage, Shape pixels) {
    HostTensor zeros =
        HostTensor.zeros(
            Shape.of(
                pixels.dimension(0),
                channels,
                1,
                pixels.dimension(3) / FACTOR,
                pixels.dimension(4) / FACTOR));
    return new LatentDistribution(
        results.first(stage, mean.orElse(zeros)), results.second(stage, zeros));
  }

  @Override
  public Tensor decodeImage(Tensor latents) {
    FakeTensor open = results.open(latents);
    results.log().call("decode " + open.shape());
    return results.first(Stage.VAE_IMAGE_DECODER, decoder.apply(open.values()));
  }

  private static Shape pixels(Shape latents, int frames) {
    return Shape.of(
        latents.dimension(0),
        3,
        frames,
        FACTOR * latents.dimension(3),
        FACTOR * latents.dimension(4));
  }

  @Override
  public Stream openStream(VaeStreamRequest request) {
    results.log().call("stream open");
    return results.log().opened(new Stream());
  }

  /** One video, in either direction. */
  private final class Stream implements VaeEncoderStream, VaeDecoderStream {

    private int frames;

    @Override
    public LatentDistribution encode(Tensor pixels) {
      results.log().requireOpen(this);
      Shape shape = results.open(pixels).shape();
      results.log().call("stream encode " + shape);
      return encoded(Stage.VAE_VIDEO_ENCODER, shape);
    }

    @Override
    public Tensor decode(Tensor latents) {
      results.log().requireOpen(this);
      Shape shape = results.open(latents).shape();
      results.log().call("stream decode " + shape);
      int count = frames == 0 ? 1 : 4;
      HostTensor pixels = HostTensor.zeros(pixels(shape, count));
      int planes = (int) shape.dimension(0) * 3 * count;
      int size = pixels.values().length / planes;
      for (int plane = 0; plane < planes; plane++) {
        float gray = (2 * (frames + plane % count) + 1) / 255f - 1;
        Arrays.fill(pixels.values(), plane * size, (plane + 1) * size, gray);
      }
      frames += count;
      return results.first(Stage.VAE_VIDEO_DECODER, pixels);
    }

    @Override
    public void close() {
      results.log().closed(this);
    }
  }
}
