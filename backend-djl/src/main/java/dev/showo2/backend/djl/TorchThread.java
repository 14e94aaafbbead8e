package dev.showo2.backend.djl;

import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The state that PyTorch keeps for each thread that calls it, for the time of a call. A thread that
 * PyTorch does not know yet records gradients of all that it computes, which takes a multiple of
 * the memory, and uses the number of threads that was set last, by whichever thread.
 */
final class TorchThread {

  /** The numbers that calls in progress have set. */
  private static final List<Integer> IN_PROGRESS = new ArrayList<>();

  /** Set for threads that have called before, so that PyTorch keeps a number for them. */
  private static final ThreadLocal<Boolean> KNOWN = new ThreadLocal<>();

  /** As DJL sets it for threads that run its own scripts; no one tells how it is. */
  private static final boolean OPTIMIZES =
      Boolean.parseBoolean(System.getProperty("ai.djl.pytorch.graph_optimizer", "true"));

  private TorchThread() {}

  /**
   * Runs a call that computes no gradients. The thread is left as it was found: the application may
   * use PyTorch itself.
   *
   * @param threads that PyTorch uses for this call, the calling one among them
   */
  static <T> T call(int threads, Supplier<T> call) {
    int threadsBefore = setThreads(threads);
    boolean gradientsBefore = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    // Functions run as they are written: PyTorch would compile them anew for the sizes that it
    // sees.
    JniUtils.setGraphExecutorOptimize(false);
    try {
      return call.get();
    } finally {
      JniUtils.setGraphExecutorOptimize(OPTIMIZES);
      JniUtils.setGradMode(gradientsBefore);
      restoreThreads(threads, threadsBefore);
    }
  }

  /**
   * Sets the number of threads of this thread, and with it what threads begin with that PyTorch
   * does not know yet.
   *
   * @return the number to restore
   */
  private static synchronized int setThreads(int threads) {
    int found = JniUtils.getNumThreads();
    if (KNOWN.get() == null) {
      KNOWN.set(true);
      if (IN_PROGRESS.contains(found)) {
        // It began with the number of a call on another thread, which must not outlast that call.
        found = DjlEngine.threads();
      }
    }
    if (found != threads) {
      JniUtils.setNumThreads(threads);
      IN_PROGRESS.add(threads);
    }
    return found;
  }

  private static synchronized void restoreThreads(int threads, int before) {
    if (before != threads) {
      JniUtils.setNumThreads(before);
      IN_PROGRESS.remove(Integer.valueOf(threads));
    }
  }
}
