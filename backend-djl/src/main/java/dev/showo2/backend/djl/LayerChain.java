package dev.showo2.backend.djl;

import static dev.showo2.backend.djl.Gradients.backward;
import static dev.showo2.backend.djl.Gradients.recording;
import static dev.showo2.backend.djl.Gradients.requiresGradient;
import static dev.showo2.backend.djl.NdScopes.replaced;
import static dev.showo2.backend.djl.NdScopes.scoped;
import static dev.showo2.backend.djl.NdScopes.view;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A stack of layers, forwards and backwards. */
final class LayerChain {

  private final List<UnaryOperator<NDArray>> layers;
  private final NDArray input;

  /** What each layer was given, where it is to be computed again. */
  private final List<NDArray> inputs = new ArrayList<>();

  private final NDArray output;

  /**
   * @param recomputes whether layers are computed again for their gradients, and their intermediate
   *     values not kept until then
   */
  LayerChain(
      DjlContext context, NDArray input, List<UnaryOperator<NDArray>> layers, boolean recomputes) {
    this.layers = layers;
    this.input = input;
    NDArray x =
        recomputes ? input.stopGradient() : recording(() -> view(input, input.getManager()));
    for (UnaryOperator<NDArray> layer : layers) {
      context.checkRunning();
      NDArray before = x;
      if (recomputes) {
        inputs.add(before);
        x = scoped(before, layer);
      } else {
        x = recording(() -> replaced(before, layer));
      }
    }
    if (recomputes) {
      x.setRequiresGradient(true);
    }
    this.output = x;
  }

  NDArray output() {
    return output;
  }

  /**
   * Adds a scalar whose gradient, at what is below the layers, is that of the loss.
   *
   * @param leaf of the output, with its gradient
   */
  void addRoot(NDArray leaf, NDList roots) {
    if (inputs.isEmpty()) {
      Gradients.addRoot(output, leaf, roots);
      return;
    }
    NDArray above = leaf;
    for (int layer = layers.size() - 1; layer >= 0; layer--) {
      NDArray given = inputs.get(layer);
      given.setRequiresGradient(layer > 0 || requiresGradient(input));
      UnaryOperator<NDArray> computation = layers.get(layer);
      NDArray again = recording(() -> scoped(given, computation));
      NDList root = new NDList();
      Gradients.addRoot(again, above, root);
      backward(root);
      again.close();
      above.close();
      above = given;
    }
    Gradients.addRoot(input, above, roots);
  }
}
