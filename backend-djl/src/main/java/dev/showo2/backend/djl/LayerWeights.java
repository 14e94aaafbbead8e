package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;

/** The weights of layers by key, as arrays of 32-bit floats. */
interface LayerWeights {

  /**
   * @throws dev.showo2.error.InvalidModelException if there is no such weight, or it has another
   *     shape
   */
  NDArray array(String key, long... dimensions);

  /** A layer with a bias. */
  ScriptTerm linear(String key, int out, int in);
}
