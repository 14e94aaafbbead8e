package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.VisualTokens;
import dev.showo2.tensor.Tensor;
import java.util.List;
import org.apiguardian.api.API;

/**
 * An image or video that the next question brings into a conversation: encoded once, however often
 * that question is tried.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PendingVisual implements AutoCloseable {

  private final VisualInput input;
  private List<Tensor> tokens = List.of();

  public PendingVisual(VisualInput input) {
    this.input = input;
  }

  public VisualTokens layout() {
    return input.layout();
  }

  /** Piece by piece [1, S, D]; open until this is closed. */
  public List<Tensor> tokens(RequestContext run) {
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
