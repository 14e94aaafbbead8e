package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/**
 * The positions that a transformer's layers attend to: what differs between inference and training.
 */
interface LayerAttention {

  /** The rotation of the segment's positions. */
  DjlRotary.Rotation rotation();

  /**
   * @param layer from 0
   * @param queries [B, S, heads, size], rotated
   * @param keys [B, S, kv, size], rotated
   * @param values [B, S, kv, size]
   * @return [B, S, heads · size]
   */
  NDArray attend(int layer, NDArray queries, NDArray keys, NDArray values);
}
