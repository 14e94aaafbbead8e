package dev.showo2.pipeline.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.GenerationListener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads, and what closing does to requests that have not finished. */
@Timeout(30)
class AsyncRequestsTest {

  private final AsyncRequests requests = AsyncRequests.onOwnThread();
  private final CountDownLatch running = new CountDownLatch(1);

  @Test
  void requestsRunInTurnOnOneDaemonThread() {
    List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 5; i++) {
      int number = i;
      futures.add(
          start(
              listener -> {
                threads.add(Thread.currentThread());
                order.add(number);
                return number;
              }));
    }
    futures.forEach(CompletableFuture::join);
    assertEquals(List.of(0, 1, 2, 3, 4), order);
    assertEquals(1, threads.stream().distinct().count());
    assertTrue(threads.get(0).isDaemon());
    assertEquals("showo2-requests", threads.get(0).getName());
    assertNotSame(Thread.currentThread(), threads.get(0));
  }

  @Test
  void errorsCompleteTheFutureAndLeaveTheThreadWorking() {
    AssertionError error = new AssertionError("boom");
    CompletableFuture<Integer> failing =
        start(
            listener -> {
              throw error;
            });
    assertEquals(1, start(listener -> 1).join());
    assertSame(error, failure(failing));
  }

  @Test
  void closingCancelsWhatRunsAndWhatWaitsAndReturnsAfterThem() throws InterruptedException {
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Integer> first =
        start(
            listener -> {
              untilCancelled(listener);
              events.add("ended");
              throw new CancelledException("the request was cancelled");
            });
    CompletableFuture<Integer> second =
        start(
            listener -> {
              events.add("second");
              return 2;
            });
    running.await();
    requests.close();
    events.add("closed");
    assertEquals(List.of("ended", "closed"), events);
    assertEquals(CancelledException.class, failure(first).getClass());
    assertEquals(CancelledException.class, failure(second).getClass());
    assertEquals(IllegalStateException.class, failure(start(listener -> 3)).getClass());
    requests.close();
    assertEquals(List.of("ended", "closed"), events);
  }

  @Test
  void whatFollowsOnAFutureMayClose() throws InterruptedException {
    CountDownLatch open = new CountDownLatch(1);
    CompletableFuture<Void> closed =
        start(
                listener -> {
                  awaitQuietly(open);
                  return 1;
                })
            .thenAccept(one -> requests.close());
    open.countDown();
    closed.join();
    assertTrue(closed.isDone());
  }

  @Test
  void aRequestThatClosesDoesNotWaitForItself() {
    CompletableFuture<Boolean> cancelled =
        start(
            listener -> {
              requests.close();
              return listener.cancelled();
            });
    assertTrue(cancelled.join());
  }

  @Test
  void anInterruptDoesNotCutTheWaitShort() throws InterruptedException {
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<Integer> future =
        start(
            listener -> {
              untilCancelled(listener);
              events.add("ended");
              return 1;
            });
    running.await();
    Thread.currentThread().interrupt();
    requests.close();
    events.add("closed");
    assertTrue(Thread.interrupted());
    assertEquals(List.of("ended", "closed"), events);
    assertEquals(1, future.join());
  }

  @Test
  void anExecutorThatRefusesCompletesTheFuture() {
    RejectedExecutionException full = new RejectedExecutionException("full");
    AsyncRequests refusing =
        AsyncRequests.on(
            work -> {
              throw full;
            });
    CompletableFuture<Integer> future = refusing.start(GenerationListener.NONE, listener -> 1);
    assertSame(full, failure(future));
    refusing.close();
  }

  /** Such as that of a framework which was shut down before the model. */
  @Test
  void anExecutorThatNeverRunsItsWorkDoesNotHoldUpClosing() {
    AsyncRequests idle = AsyncRequests.on(work -> {});
    CompletableFuture<Integer> future = idle.start(GenerationListener.NONE, listener -> 1);
    assertFalse(future.isDone());
    idle.close();
    assertEquals(CancelledException.class, failure(future).getClass());
  }

  private <T> CompletableFuture<T> start(Function<GenerationListener, T> call) {
    return requests.start(GenerationListener.NONE, call);
  }

  private void untilCancelled(GenerationListener listener) {
    running.countDown();
    while (!listener.cancelled()) {
      Thread.onSpinWait();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for it. */
  private static Throwable failure(CompletableFuture<?> future) {
    return future.handle((result, failure) -> failure).join();
  }
}
