package dev.showo2.spi.support;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackendLifetimeTest {

  private final BackendLifetime lifetime = new BackendLifetime("toy");

  @Test
  void closingWaitsForCallsInProgress() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    AtomicBoolean left = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> call =
          threads.submit(
              () ->
                  lifetime.run(
                      () -> {
                        entered.countDown();
                        await(leave);
                        left.set(true);
                      }));
      entered.await();
      AtomicBoolean leftWhenReleased = new AtomicBoolean();
      CountDownLatch released = new CountDownLatch(1);
      Future<?> close =
          threads.submit(
              () ->
                  lifetime.close(
                      () -> {
                        leftWhenReleased.set(left.get());
                        released.countDown();
                      }));
      assertFalse(released.await(100, TimeUnit.MILLISECONDS), "closed during a call");
      leave.countDown();
      call.get();
      close.get();
      assertTrue(leftWhenReleased.get());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void callsRunSideBySideUntilTheBackendIsClosedAndNoneAfterwards() throws Exception {
    int threadCount = 4;
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean freed = new AtomicBoolean();
    CountDownLatch together = new CountDownLatch(threadCount);
    ExecutorService threads = Executors.newFixedThreadPool(threadCount);
    try {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < threadCount; i++) {
        calls.add(
            threads.submit(
                () -> {
                  lifetime.run(
                      () -> {
                        together.countDown();
                        await(together);
                      });
                  int used = 0;
                  while (true) {
                    try {
                      lifetime.run(
                          () -> {
                            inside.incrementAndGet();
                            assertFalse(freed.get(), "used after it was freed");
                            inside.decrementAndGet();
                          });
                      used++;
                    } catch (IllegalStateException e) {
                      return used;
                    }
                  }
                }));
      }
      await(together);
      Thread.sleep(20);
      lifetime.close(
          () -> {
            assertEquals(0, inside.get(), "calls in progress");
            freed.set(true);
          });
      for (Future<Integer> call : calls) {
        assertTrue(call.get() >= 0);
      }
      assertTrue(freed.get());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void laterCallsAreRefusedAndNameTheBackend() {
    lifetime.close(() -> {});
    assertFails(
        IllegalStateException.class, () -> lifetime.call(() -> 1), "the backend 'toy' is closed");
  }

  @Test
  void releasesOnceEvenIfReleasingFails() {
    AtomicInteger releases = new AtomicInteger();
    assertThrows(
        AssertionError.class,
        () ->
            lifetime.close(
                () -> {
                  releases.incrementAndGet();
                  throw new AssertionError("injected");
                }));
    lifetime.close(releases::incrementAndGet);
    assertEquals(1, releases.get());
  }

  @Test
  void aCallMayHoldOthers() {
    assertEquals(7, lifetime.call(() -> lifetime.call(() -> 7)));
  }

  @Test
  void closingFromWithinACallIsRefusedInsteadOfWaitingForItself() {
    lifetime.run(
        () ->
            assertFails(
                IllegalStateException.class, () -> lifetime.close(() -> {}), "within one of its"));
    assertEquals(1, lifetime.call(() -> 1));
  }

  @Test
  void aHeapWithoutRoomIsInsufficientMemory() {
    assertFails(
        InsufficientMemoryException.class,
        () ->
            lifetime.run(
                () -> {
                  throw new OutOfMemoryError("Java heap space");
                }),
        "'toy'",
        "Java heap space",
        "-Xmx");
  }

  @Test
  void countsResourcesThatAreOpen() {
    CountedResource resource = new CountedResource(lifetime);
    resource.share();
    assertEquals(1, lifetime.openResources());
    resource.close();
    assertEquals(0, resource.releases);
    resource.close();
    assertEquals(1, resource.releases);
    assertEquals(0, lifetime.openResources());
    assertThrows(IllegalStateException.class, resource::close);
    assertThrows(IllegalStateException.class, resource::share);
    assertEquals(1, resource.releases);
  }

  private static final class CountedResource extends SharedResource {

    private int releases;

    private CountedResource(BackendLifetime lifetime) {
      super(lifetime);
    }

    @Override
    protected void release() {
      releases++;
    }
  }

  @Test
  void loadingReturnsWhatWasLoadedOrItsFailure() {
    assertEquals("library", BackendLifetime.loading(() -> "library"));
    assertThrows(
        UnsatisfiedLinkError.class,
        () ->
            BackendLifetime.loading(
                () -> {
                  throw new UnsatisfiedLinkError("injected");
                }));
  }

  private static final EngineFailures FAILURES =
      new EngineFailures("Toy", failure -> false, "have less");

  @Test
  void endOfTheJvmEndsCallsAndRefusesLaterOnes() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch terminated = new CountDownLatch(1);
    AtomicInteger releases = new AtomicInteger();
    lifetime.onCancel(terminated::countDown);
    lifetime.releaseAtShutdown(releases::incrementAndGet);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<?> call =
          threads.submit(
              () ->
                  lifetime.run(
                      () -> {
                        entered.countDown();
                        await(terminated);
                        throw FAILURES.during(lifetime, "stage x", new Exception("terminated"));
                      }));
      entered.await();
      lifetime.ending().cancel();
      ExecutionException e = assertThrows(ExecutionException.class, call::get);
      assertEquals(CancelledException.class, e.getCause().getClass());
    } finally {
      threads.shutdownNow();
    }
    assertTrue(lifetime.isCancelled());
    assertFails(CancelledException.class, () -> lifetime.call(() -> 1), "the JVM is shutting down");
    lifetime.ending().awaitCalls(Duration.ofMinutes(1));
    lifetime.ending().free();
    lifetime.close(releases::incrementAndGet);
    assertEquals(1, releases.get());
    assertTrue(lifetime.ending().isClosed());
  }

  @Test
  void backendIsNotFreedUnderACallThatDoesNotEnd() throws Exception {
    AtomicInteger releases = new AtomicInteger();
    lifetime.releaseAtShutdown(releases::incrementAndGet);
    ExecutorService hook = Executors.newSingleThreadExecutor();
    try {
      lifetime.run(
          () -> {
            try {
              hook.submit(
                      () -> {
                        lifetime.ending().awaitCalls(Duration.ZERO);
                        lifetime.ending().free();
                        return null;
                      })
                  .get();
            } catch (ExecutionException | InterruptedException e) {
              throw new AssertionError(e);
            }
          });
    } finally {
      hook.shutdownNow();
    }
    assertEquals(0, releases.get());
  }

  @Test
  void failuresOfOtherCallsStayWhatTheyAre() {
    assertEquals(
        BackendException.class,
        FAILURES.during(lifetime, "stage x", new Exception("broken")).getClass());
  }
}
