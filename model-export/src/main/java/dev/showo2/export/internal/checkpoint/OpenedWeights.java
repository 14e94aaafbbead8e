package dev.showo2.export.internal.checkpoint;

import dev.showo2.export.checkpoint.CheckpointWeights;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apiguardian.api.API;

/** Weights opened so far, to be closed together. Not thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class OpenedWeights implements AutoCloseable {

  private final Deque<CheckpointWeights> opened = new ArrayDeque<>();

  /** Takes over weights. */
  public <W extends CheckpointWeights> W add(W weights) {
    opened.push(weights);
    return weights;
  }

  /** Closes all, the last first; throws the first failure with all others added to it. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (CheckpointWeights weights : opened) {
      try {
        weights.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Closes all after a failure, to which is added what fails on the way. */
  public void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
