package dev.showo2.pipeline.internal;

import dev.showo2.sequence.internal.VisualTokens;
import dev.showo2.tensor.Tensor;
import java.util.List;
import org.apiguardian.api.API;

/**
 * An image or video of a conversation's next question: encoded once, also if the question is
 * repeated after a failure. Not thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PendingVisual implements AutoCloseable {

  private final VisualInput input;
  private List<Tensor> tokens = List.of();

  /**
   * Holds an input, which is encoded lazily.
   *
   * @param input image or video
   */
  public PendingVisual(VisualInput input) {
    this.input = input;
  }

  /** {@return the layout of its tokens in the sequence} */
  public VisualTokens layout() {
    return input.layout();
  }

  /**
   * Returns the tokens, encoding them on the first call.
   *
   * @param run context of the request
   * @return visuals [1, S, D]; open until this is closed
   */
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
