package dev.showo2.samples.cli;

import dev.showo2.error.CancelledException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the end of the process (Ctrl-C, SIGTERM) into an interrupt of the thread that works, and
 * gives it a moment to clean up: an export that is broken off leaves no folder behind.
 */
final class Interruption {

  private static volatile Duration patience = Duration.ofSeconds(30);

  private static volatile boolean ending;

  private final CountDownLatch done = new CountDownLatch(1);

  private final PrintWriter err;

  private Interruption(PrintWriter err) {
    this.err = err;
  }

  /** Watches over the calling thread. */
  static Interruption install(PrintWriter err) {
    Interruption interruption = new Interruption(err);
    Thread worker = Thread.currentThread();
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> interruption.stop(worker), "showo2-interruption"));
    } catch (IllegalStateException e) {
      // The process was asked to end before it had begun.
      ending = true;
      worker.interrupt();
    }
    return interruption;
  }

  /** Gives work that has more to save than others more than half a minute. */
  static void allow(Duration longer) {
    patience = longer;
  }

  /** From here on the process may end at once. */
  void workIsDone() {
    done.countDown();
  }

  private void stop(Thread worker) {
    if (done.getCount() == 0) {
      return;
    }
    ending = true;
    worker.interrupt();
    try {
      if (!done.await(patience.toSeconds(), TimeUnit.SECONDS)) {
        err.println("showo2: stopped in the middle of work; temporary files may be left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether the process is about to end, for those whose libraries clear the interrupt. */
  static boolean isEnding() {
    return ending;
  }

  /**
   * To be called between parts of the work.
   *
   * @throws CancelledException if the thread was interrupted
   */
  static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException("interrupted");
    }
  }
}
