package dev.showo2.testing;

import dev.showo2.stage.VaeDecoderStream;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;

/** Decodes to frames whose gray level is their index. */
final class FakeDecoderStream implements VaeDecoderStream {

  private final CallLog log;
  private int decoded;

  FakeDecoderStream(CallLog log) {
    this.log = log;
  }

  @Override
  public Tensor decode(Tensor latents) {
    log.requireOpen(this);
    Shape shape = FakeTensor.open(log, latents).shape();
    log.call("stream decode " + shape);
    int frames = decoded == 0 ? 1 : 4;
    int batch = (int) shape.dimension(0);
    Shape pixels = Shape.of(batch, 3, frames, 8 * shape.dimension(3), 8 * shape.dimension(4));
    float[] values = new float[(int) pixels.elementCount()];
    int size = values.length / 3 / frames / batch;
    for (int i = 0; i < 3 * frames * batch; i++) {
      float gray = (2 * (decoded + i % frames) + 1) / 255f - 1;
      Arrays.fill(values, i * size, (i + 1) * size, gray);
    }
    decoded += frames;
    return log.opened(new FakeTensor(log, new HostTensor(pixels, values)));
  }

  @Override
  public void close() {
    log.closed(this);
  }
}
