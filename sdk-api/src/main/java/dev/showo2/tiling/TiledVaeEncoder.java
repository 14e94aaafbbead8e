package dev.showo2.tiling;

import dev.showo2.spi.Backend;
import dev.showo2.stage.LatentDistribution;
import dev.showo2.stage.VaeEncoder;
import dev.showo2.stage.VaeEncoderStream;
import dev.showo2.stage.VaeStreamRequest;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** An encoder that knows when to encode images in tiles. */
record TiledVaeEncoder(Backend backend, VaeEncoder encoder, Tiling tiling) implements VaeEncoder {

  @Override
  public LatentDistribution encodeImage(Tensor pixels) {
    try (TilingRun run =
        new TilingRun(
            backend,
            tiling,
            VaeScale.ENCODING,
            () -> this::encode,
            grid -> this::encode,
            backend::upload,
            false)) {
      List<Tensor> outputs = run.next(pixels);
      return new LatentDistribution(outputs.get(0), outputs.get(1));
    }
  }

  /** The list takes the tensors over from the distribution. */
  private List<Tensor> encode(Tensor pixels) {
    LatentDistribution latents = encoder.encodeImage(pixels);
    return List.of(latents.mean(), latents.logVariance());
  }

  @Override
  public VaeEncoderStream openStream(VaeStreamRequest request) {
    return encoder.openStream(request);
  }
}
