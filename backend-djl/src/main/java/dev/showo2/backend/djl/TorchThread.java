package dev.showo2.backend.djl;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * The state that PyTorch keeps for each thread that calls it, for the time of a call. A thread that
 * PyTorch does not know yet records gradients of all that it computes, which takes a multiple of
 * the memory, and uses the number of threads that was set last, by whichever thread.
 */
final class TorchThread {

  private TorchThread() {}

  /**
   * Runs a call that computes no gradients. The thread is left as it was found: the application may
   * use PyTorch itself.
   *
   * @param threads that PyTorch uses for this call, the calling one among them
   */
  static <T> T call(int threads, Supplier<T> call) {
    int threadsBefore = JniUtils.getNumThreads();
    boolean gradientsBefore = JniUtils.isGradMode();
    setThreads(threadsBefore, threads);
    JniUtils.setGradMode(false);
    try {
      return call.get();
    } finally {
      JniUtils.setGradMode(gradientsBefore);
      setThreads(threads, threadsBefore);
    }
  }

  /** Also sets what threads begin with that PyTorch does not know yet. */
  private static void setThreads(int before, int threads) {
    if (before != threads) {
      JniUtils.setNumThreads(threads);
    }
  }
}
