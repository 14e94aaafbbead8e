package dev.showo2.conformance.wrapper;

import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeDecoder;
import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/** Black images, and latents of zero. */
class SmallVae implements VaeEncoder, VaeDecoder {

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    return new LatentDistribution(latents(pixels), latents(pixels));
  }

  private static Tensor latents(Tensor pixels) {
    Shape shape = pixels.shape();
    return new SmallTensor(
        shape.dimension(0),
        SmallBackend.CHANNELS,
        1,
        shape.dimension(3) / 8,
        shape.dimension(4) / 8);
  }

  @Override
  public Tensor decodeImage(Tensor latents) {
    return pixels(latents, 1);
  }

  private static Tensor pixels(Tensor latents, int frames) {
    Shape shape = latents.shape();
    return new SmallTensor(
        shape.dimension(0), 3, frames, 8 * shape.dimension(3), 8 * shape.dimension(4));
  }

  @Override
  public Stream openStream(VaeStreamRequest request) {
    return new Stream();
  }

  /** One video, in either direction. */
  static class Stream implements VaeEncoderStream, VaeDecoderStream {

    private boolean started;

    @Override
    public LatentDistribution encode(Tensor pixels) {
      return new LatentDistribution(latents(pixels), latents(pixels));
    }

    @Override
    public Tensor decode(Tensor latents) {
      Tensor pixels = pixels(latents, started ? 4 : 1);
      started = true;
      return pixels;
    }

    @Override
    public void close() {}
  }
}
