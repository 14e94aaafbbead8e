package dev.showo2.conformance.internal.check.pipeline;

import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Requests on threads of their own, of which one goes on at a time: each solver step is followed by
 * one of the next request, in a fixed order. Thread-safe.
 */
final class Turns {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition passed = lock.newCondition();
  private final boolean[] gone;
  private int turn;

  /**
   * @param requests of which {@link #run} is called once each
   */
  Turns(int requests) {
    this.gone = new boolean[requests];
  }

  /**
   * Runs a request in its turns, and lets the others go on when it ends.
   *
   * @param number from 0 on; the first begins
   * @param request given the listener that it must have
   */
  <T> T run(int number, Function<GenerationListener, T> request) {
    await(number);
    try {
      return request.apply(
          new GenerationListener() {
            @Override
            public void step(DenoisingStep step) {
              pass(number, false);
              await(number);
            }
          });
    } finally {
      pass(number, true);
    }
  }

  private void await(int number) {
    lock.lock();
    try {
      while (turn != number) {
        passed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void pass(int number, boolean ended) {
    lock.lock();
    try {
      gone[number] = ended;
      int next = number;
      do {
        next = (next + 1) % gone.length;
      } while (gone[next] && next != number);
      turn = next;
      passed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
