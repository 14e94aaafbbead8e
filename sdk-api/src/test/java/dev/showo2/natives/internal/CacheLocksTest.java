package dev.showo2.natives.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.natives.internal.CacheLocks.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The locks among threads; the tests of engine caches have those among processes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CacheLocksTest {

  @TempDir Path folder;

  private static boolean isFree(CacheLocks locks, String name, boolean shared) throws IOException {
    var held = locks.tryAcquire(name, shared);
    held.ifPresent(Held::close);
    return held.isPresent();
  }

  @Test
  void anExclusiveLockKeepsAllOthersOut() throws IOException {
    try (CacheLocks locks = CacheLocks.open(folder);
        CacheLocks same = CacheLocks.open(folder)) {
      Held held = locks.tryAcquire("a", false).orElseThrow();
      assertFalse(isFree(same, "a", false));
      assertFalse(isFree(same, "a", true));
      assertTrue(isFree(same, "b", false));
      held.close();
      held.close();
      assertTrue(isFree(same, "a", false));
    }
  }

  @Test
  void aSharedLockIsFreeWhenTheLastGivesItUp() throws IOException {
    try (CacheLocks locks = CacheLocks.open(folder)) {
      Held first = locks.tryAcquire("a", true).orElseThrow();
      Held second = locks.tryAcquire("a", true).orElseThrow();
      first.close();
      assertFalse(isFree(locks, "a", false));
      assertTrue(isFree(locks, "a", true));
      second.close();
      assertTrue(isFree(locks, "a", false));
    }
  }

  @Test
  void aWaitEndsWithTheLockThatItIsFor()
      throws IOException, InterruptedException, ExecutionException {
    try (CacheLocks locks = CacheLocks.open(folder)) {
      Held held = locks.tryAcquire("a", false).orElseThrow();
      Semaphore looks = new Semaphore(0);
      FutureTask<Held> task =
          new FutureTask<>(
              () ->
                  locks.acquire(
                      "a",
                      false,
                      () -> {
                        looks.release();
                        return false;
                      }));
      new Thread(task).start();
      looks.acquire(2); // It has found the lock taken once.
      held.close();
      task.get().close();
    }
  }

  @Test
  void aLockOutlivesTheLocksOfItsFolder() throws IOException {
    CacheLocks locks = CacheLocks.open(folder);
    Held held = locks.tryAcquire("a", true).orElseThrow();
    locks.close();
    try (CacheLocks later = CacheLocks.open(folder)) {
      assertFalse(isFree(later, "a", false));
      held.close();
      assertTrue(isFree(later, "a", false));
    }
  }

  @Test
  void anInterruptedThreadGetsNoneAndBreaksNone() throws IOException {
    try (CacheLocks locks = CacheLocks.open(folder)) {
      Thread.currentThread().interrupt();
      try {
        String message =
            assertThrows(CancelledException.class, () -> locks.acquire("a", false, () -> false))
                .getMessage();
        assertEquals("cancelled: the thread was interrupted", message);
        assertTrue(isFree(locks, "a", false));
      } finally {
        Thread.interrupted();
      }
      assertTrue(isFree(locks, "a", false));
    }
  }
}
