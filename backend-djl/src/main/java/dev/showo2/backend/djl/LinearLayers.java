package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** The arithmetic of a model's linear layers. */
interface LinearLayers {

  /** In 32-bit floats. */
  LinearLayers FP32 =
      new LinearLayers() {
        @Override
        public NDArray kept(NDArray weight) {
          return weight;
        }

        @Override
        public DjlLinear linear(String key, NDArray weight, NDArray bias) {
          return DjlLinear.of(weight, bias);
        }

        @Override
        public UnaryOperator<NDArray> swiGlu(String key, NDArray gate, NDArray up, NDArray down) {
          return x -> TorchFunctions.swiGlu(x, gate, up, down);
        }
      };

  /**
   * @param weight in 32-bit floats
   * @return in the form that the other methods take, or as it is
   */
  NDArray kept(NDArray weight);

  /**
   * @param key name of the layer
   * @param weight from {@link #kept}
   * @param bias in 32-bit floats, or null
   */
  DjlLinear linear(String key, NDArray weight, NDArray bias);

  /**
   * As {@link TorchFunctions#swiGlu}.
   *
   * @param key name of the feed-forward network
   * @param gate from {@link #kept}
   * @param up from {@link #kept}
   * @param down from {@link #kept}
   */
  UnaryOperator<NDArray> swiGlu(String key, NDArray gate, NDArray up, NDArray down);
}
