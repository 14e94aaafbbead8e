package dev.showo2.pipeline;

import dev.showo2.sequence.VisualTokens;
import dev.showo2.tensor.Tensor;
import java.util.List;

/**
 * An image or video that the next question brings into a conversation: encoded once, however often
 * that question is tried.
 */
final class PendingVisual implements AutoCloseable {

  private final VisualInput input;
  private List<Tensor> tokens = List.of();

  PendingVisual(VisualInput input) {
    this.input = input;
  }

  VisualTokens layout() {
    return input.layout();
  }

  /** Piece by piece [1, S, D]; open until this is closed. */
  List<Tensor> tokens(Run run) {
    if (tokens.isEmpty()) {
      tokens = List.copyOf(input.tokens(run));
    }
    return tokens;
  }

  @Override
  public void close() {
    tokens.forEach(Tensor::close);
    tokens = List.of();
  }
}
