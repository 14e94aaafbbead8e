package dev.showo2.export;

import dev.showo2.export.checkpoint.Weights;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was opened so far, to be closed if the rest cannot be. */
final class OpenedWeights {

  private final Deque<Weights> opened = new ArrayDeque<>();

  Weights add(Weights weights) {
    opened.push(weights);
    return weights;
  }

  /** Closes all, the last first; what fails on the way is added to the failure. */
  void closeAfter(Throwable failure) {
    for (Weights weights : opened) {
      try {
        weights.close();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
