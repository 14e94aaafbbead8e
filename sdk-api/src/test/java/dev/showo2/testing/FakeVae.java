package dev.showo2.testing;

import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/**
 * A VAE that sees one latent at a time: each stands for 8x8 pixels alike in each of the 16
 * channels, of which the first three are the colors. What becomes of a latent does not depend on
 * the others, so that tiles must give exactly what the whole gives. In a video each frame shows the
 * sum of all latents so far.
 */
public final class FakeVae implements VaeDecoder {

  private static final int FACTOR = 8;
  private static final int CHANNELS = 16;

  private final CallLog log;
  private long memory = Long.MAX_VALUE;
  private int shortFrom;
  private boolean losingRows;

  FakeVae(CallLog log) {
    this.log = log;
  }

  /** Has no memory for more latents than this at once. */
  public FakeVae memoryFor(long latents) {
    memory = latents;
    return this;
  }

  /** Has as much memory as it likes before this latent frame of a video. */
  public FakeVae shortFrom(int frame) {
    shortFrom = frame;
    return this;
  }

  /** Gives images without their last 8 rows, as no decoder should. */
  public FakeVae losingRows() {
    losingRows = true;
    return this;
  }

  @Override
  public Tensor decodeImage(Tensor latents) {
    HostTensor input = open(latents);
    log.call("decode " + input.shape());
    requireMemory(input.shape(), 1);
    if (losingRows) {
      Shape shape = input.shape();
      return opened(
          HostTensor.zeros(
              Shape.of(
                  shape.dimension(0),
                  3,
                  1,
                  FACTOR * (shape.dimension(3) - 1),
                  FACTOR * shape.dimension(4))));
    }
    return opened(pixels(input, 1));
  }

  @Override
  public VaeDecoderStream openStream(VaeStreamRequest request) {
    log.call("stream open");
    return log.opened(new Stream());
  }

  VaeEncoder encoder() {
    return new VaeEncoder() {
      @Override
      public LatentDistribution encodeImage(Tensor pixels) {
        HostTensor input = open(pixels);
        log.call("encode " + input.shape());
        requireMemory(input.shape(), FACTOR);
        return new LatentDistribution(opened(latents(input, 1)), opened(latents(input, -1)));
      }

      @Override
      public VaeEncoderStream openStream(VaeStreamRequest request) {
        log.call("encoder stream open");
        throw new UnsupportedOperationException();
      }
    };
  }

  private void requireMemory(Shape input, int scale) {
    long latents = input.dimension(0) * input.dimension(3) / scale * (input.dimension(4) / scale);
    if (latents > memory) {
      throw new InsufficientMemoryException("no memory for " + latents + " latents");
    }
  }

  private HostTensor open(Tensor tensor) {
    log.requireOpen(tensor);
    return ((FakeTensor) tensor).values();
  }

  private Tensor opened(HostTensor values) {
    return log.opened(new FakeTensor(log, values));
  }

  /** What decoding [B, 16, 1, h, w] gives: [B, 3, F, 8h, 8w]. */
  public static HostTensor pixels(HostTensor latents, int frames) {
    Shape shape = latents.shape();
    int batch = (int) shape.dimension(0);
    int height = (int) shape.dimension(3);
    int width = (int) shape.dimension(4);
    HostTensor pixels =
        HostTensor.zeros(Shape.of(batch, 3, frames, FACTOR * height, FACTOR * width));
    int to = 0;
    for (int plane = 0; plane < batch * 3 * frames; plane++) {
      int channel = plane / frames % 3 + plane / frames / 3 * CHANNELS;
      for (int y = 0; y < FACTOR * height; y++) {
        for (int x = 0; x < FACTOR * width; x++) {
          pixels.values()[to++] =
              latents.values()[(channel * height + y / FACTOR) * width + x / FACTOR];
        }
      }
    }
    return pixels;
  }

  /** What encoding [B, 3, 1, H, W] gives: the means of 8x8 pixels' first colors, times a factor. */
  public static HostTensor latents(HostTensor pixels, float factor) {
    Shape shape = pixels.shape();
    int batch = (int) shape.dimension(0);
    int height = (int) shape.dimension(3) / FACTOR;
    int width = (int) shape.dimension(4) / FACTOR;
    HostTensor latents = HostTensor.zeros(Shape.of(batch, CHANNELS, 1, height, width));
    int to = 0;
    for (int plane = 0; plane < batch * CHANNELS; plane++) {
      int channel = plane / CHANNELS * 3 + plane % CHANNELS % 3;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int i = 0; i < FACTOR * FACTOR; i++) {
            int line = (channel * height + y) * FACTOR + i / FACTOR;
            sum += pixels.values()[line * FACTOR * width + FACTOR * x + i % FACTOR];
          }
          latents.values()[to++] = factor * sum / (FACTOR * FACTOR);
        }
      }
    }
    return latents;
  }

  private final class Stream implements VaeDecoderStream {

    private HostTensor sum;
    private int decoded;

    @Override
    public Tensor decode(Tensor latents) {
      log.requireOpen(this);
      HostTensor input = open(latents);
      log.call("stream decode " + input.shape());
      if (decoded >= shortFrom) {
        requireMemory(input.shape(), 1);
      }
      sum = sum == null ? input : plus(sum, input);
      return opened(pixels(sum, decoded++ == 0 ? 1 : 4));
    }

    @Override
    public void close() {
      log.closed(this);
    }
  }

  /** The sum of two tensors of one shape. */
  public static HostTensor plus(HostTensor a, HostTensor b) {
    HostTensor sum = HostTensor.zeros(a.shape());
    for (int i = 0; i < sum.values().length; i++) {
      sum.values()[i] = a.values()[i] + b.values()[i];
    }
    return sum;
  }
}
