package dev.showo2.train.data;

import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import dev.showo2.testing.FakeBackend;
import java.util.concurrent.atomic.AtomicInteger;

/** Latents that are a pixel of each block, so that a test sees which image they are of. */
final class PixelEncoder implements VaeEncoder {

  static final int CHANNELS = 16;
  static final float LOG_VARIANCE = -2;
  private static final int FACTOR = 8;

  private final Backend backend;
  private final AtomicInteger calls = new AtomicInteger();

  private PixelEncoder(Backend backend) {
    this.backend = backend;
  }

  /** Puts the encoder into a backend. */
  static PixelEncoder in(FakeBackend backend) {
    PixelEncoder encoder = new PixelEncoder(backend);
    backend.vaeEncoder(encoder);
    return encoder;
  }

  int calls() {
    return calls.get();
  }

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    calls.incrementAndGet();
    HostTensor host = pixels.toHost();
    Shape shape = host.shape();
    int frames = (int) shape.dimension(2);
    int height = (int) shape.dimension(3);
    int width = (int) shape.dimension(4);
    int rows = height / FACTOR;
    int columns = width / FACTOR;
    float[] mean = new float[CHANNELS * rows * columns];
    float[] variance = new float[mean.length];
    int next = 0;
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
          int plane = channel % 3 * frames + (frames - 1);
          variance[next] = LOG_VARIANCE;
          mean[next++] = host.values()[(plane * height + y * FACTOR) * width + x * FACTOR];
        }
      }
    }
    Shape latents = Shape.of(1, CHANNELS, 1, rows, columns);
    return new LatentDistribution(
        backend.upload(new HostTensor(latents, mean)),
        backend.upload(new HostTensor(latents, variance)));
  }

  @Override
  public VaeEncoderStream openStream(VaeStreamRequest request) {
    return new VaeEncoderStream() {
      @Override
      public LatentDistribution encode(Tensor pixels) {
        return encodeImage(pixels);
      }

      @Override
      public void close() {
        // Nothing is kept between chunks.
      }
    };
  }
}
