package dev.showo2.conformance.internal.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

class ConcurrentRunTest {

  @Test
  void worksAtOnceAndGivesTheResultsInOrder() throws InterruptedException {
    CyclicBarrier meeting = new CyclicBarrier(2);
    Callable<String> first =
        () -> {
          meeting.await();
          return "first";
        };
    Callable<String> second =
        () -> {
          meeting.await();
          return "second";
        };
    assertEquals(List.of("first", "second"), ConcurrentRun.run(List.of(first, second)));
  }

  @Test
  void saysWhereAThreadHangs() {
    CountDownLatch never = new CountDownLatch(1);
    Callable<Object> hanging =
        () -> {
          never.await();
          return null;
        };
    String message =
        assertThrows(
                AssertionError.class,
                () -> ConcurrentRun.run(List.of(hanging), Duration.ofMillis(200)))
            .getMessage();
    assertTrue(message.contains("not done in time; look for locks: it is at "), message);
    assertTrue(message.contains("ConcurrentRunTest"), message);
    never.countDown();
  }

  @Test
  void waitsForTheOthersWhenOneFails() {
    CountDownLatch failed = new CountDownLatch(1);
    Thread[] other = new Thread[1];
    Callable<Object> failing =
        () -> {
          failed.countDown();
          throw new IllegalStateException("engine: busy");
        };
    Callable<Object> patient =
        () -> {
          failed.await();
          other[0] = Thread.currentThread();
          return null;
        };
    AssertionError error =
        assertThrows(AssertionError.class, () -> ConcurrentRun.run(List.of(failing, patient)));
    assertEquals(
        "one of the concurrent threads failed with java.lang.IllegalStateException: engine: busy",
        error.getMessage());
    assertTrue(other[0] != null, "the other thread was not waited for");
  }
}
