package dev.showo2.samples.cli;

import dev.showo2.pipeline.Cancellation;
import dev.showo2.pipeline.GenerationListener;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** The answer that is under way, which Ctrl-C ends from another thread. */
final class Answering {

  private final AtomicReference<Cancellation> current = new AtomicReference<>();

  /** Ends the answer; gives whether there was one. */
  boolean cancel() {
    Cancellation cancellation = current.get();
    if (cancellation != null) {
      cancellation.cancel();
    }
    return cancellation != null;
  }

  /**
   * @param work makes the answer and tells it to the listener that it is given
   */
  <T> T run(GenerationListener listener, Function<GenerationListener, T> work) {
    Cancellation cancellation = new Cancellation();
    current.set(cancellation);
    try {
      return work.apply(cancellation.wrap(listener));
    } finally {
      current.set(null);
    }
  }
}
