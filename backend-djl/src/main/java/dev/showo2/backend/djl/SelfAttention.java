package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/**
 * The attention of one transformer layer: projections to queries, keys and values, and back.
 *
 * @param layer its index, from 0
 * @param headSize of each attention head
 * @param queryNorm of each query head [.., size], before rotation
 * @param keyNorm of each key head [.., size], before rotation
 */
record SelfAttention(
    int layer,
    int headSize,
    DjlLinear query,
    DjlLinear key,
    DjlLinear value,
    DjlLinear output,
    UnaryOperator<NDArray> queryNorm,
    UnaryOperator<NDArray> keyNorm) {

  /**
   * @param x [B, S, width]
   * @return [B, S, width]
   */
  NDArray apply(NDArray x, LayerAttention attention) {
    NDArray mixed =
        attention.attend(
            layer,
            queryNorm.apply(heads(query.apply(x))),
            keyNorm.apply(heads(key.apply(x))),
            heads(value.apply(x)));
    return output.apply(mixed.reshape(x.getShape().get(0), x.getShape().get(1), -1));
  }

  private NDArray heads(NDArray x) {
    return x.reshape(x.getShape().get(0), x.getShape().get(1), -1, headSize);
  }
}
