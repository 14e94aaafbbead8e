package dev.showo2.tiling;

import dev.showo2.tensor.Tensor;
import java.util.List;

/** One half of the VAE for one image, or for one video with its stream state. */
@FunctionalInterface
interface VaePass extends AutoCloseable {

  /**
   * @param input [B, C, F, H, W]; stays the caller's
   * @return outputs in an order of the network's own, which the caller closes
   */
  List<Tensor> run(Tensor input);

  /** Frees the stream state, where there is one. */
  @Override
  default void close() {}
}
