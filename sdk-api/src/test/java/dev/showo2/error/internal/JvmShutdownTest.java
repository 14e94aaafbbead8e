package dev.showo2.error.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sequence without a JVM that ends; ShutdownTest of the samples ends some. */
@Timeout(60)
class JvmShutdownTest {

  private static final Duration LONG = Duration.ofHours(1);

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());

  private final JvmShutdown shutdown = new JvmShutdown(LONG, LONG);

  /** An engine that closes itself once it was asked several times whether it is closed. */
  private final class FakeEngine implements JvmShutdown.Engine {

    private final String name;
    private final Duration grace;
    private int questions;

    private FakeEngine(String name, Duration grace, int questions) {
      this.name = name;
      this.grace = grace;
      this.questions = questions;
    }

    @Override
    public Duration grace() {
      return grace;
    }

    @Override
    public boolean isClosed() {
      questions--;
      return questions < 0;
    }

    @Override
    public void cancel() {
      events.add(name + " cancelled" + (questions < 0 ? " after it was closed" : ""));
    }

    @Override
    public void awaitCalls(Duration patience) {
      events.add(name + " awaited");
    }

    @Override
    public void free() {
      events.add(name + " freed");
    }
  }

  @Test
  void enginesAreCancelledInTheOrderOfTheirGraceAndThenFreed() {
    FakeEngine service = new FakeEngine("service", LONG, 3);
    FakeEngine plain = new FakeEngine("plain", Duration.ZERO, Integer.MAX_VALUE);
    shutdown.add(service);
    shutdown.add(plain);
    shutdown.run();
    assertEquals(
        List.of(
            "plain cancelled",
            "service cancelled after it was closed",
            "plain awaited",
            "service awaited",
            "plain freed",
            "service freed"),
        events);
  }

  @Test
  void enginesThatWereRemovedAreLeftAlone() {
    FakeEngine engine = new FakeEngine("closed", LONG, Integer.MAX_VALUE);
    shutdown.add(engine);
    shutdown.remove(engine);
    shutdown.run();
    assertEquals(List.of(), events);
  }

  @Test
  void waitsForWorkOfOtherThreadsBeforeEnginesAreFreed() throws InterruptedException {
    FakeEngine engine = new FakeEngine("engine", Duration.ZERO, Integer.MAX_VALUE);
    shutdown.add(engine);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> {
              JvmShutdown.Work work = shutdown.begin(() -> events.add("cleaned up"));
              begun.countDown();
              try (work) {
                leave.await();
                events.add("work ended");
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    worker.start();
    begun.await();
    Thread hook = new Thread(shutdown::run);
    hook.start();
    leave.countDown();
    hook.join();
    assertTrue(events.indexOf("work ended") >= 0, events.toString());
    assertTrue(events.indexOf("work ended") < events.indexOf("engine freed"), events.toString());
    assertFalse(events.contains("cleaned up"));
  }

  @Test
  void whatDoesNotEndIsCleanedUp() {
    JvmShutdown impatient = new JvmShutdown(Duration.ZERO, Duration.ZERO);
    impatient.begin(() -> events.add("cleaned up"));
    impatient.run();
    assertEquals(List.of("cleaned up"), events);
  }

  /** Nobody would ever end it. */
  @Test
  void workOfThreadsThatDiedIsNotWaitedFor() throws InterruptedException {
    Thread worker = new Thread(() -> shutdown.begin(() -> events.add("cleaned up")));
    worker.start();
    worker.join();
    shutdown.run();
    assertEquals(List.of("cleaned up"), events);
  }

  @Test
  void failuresOfCleaningUpDoNotKeepTheOthersFromIt() {
    JvmShutdown impatient = new JvmShutdown(Duration.ZERO, Duration.ZERO);
    for (int i = 0; i < 3; i++) {
      impatient.begin(
          () -> {
            events.add("tried");
            throw new IllegalStateException("injected");
          });
    }
    impatient.run();
    assertEquals(List.of("tried", "tried", "tried"), events);
  }

  @Test
  void nothingBeginsAfterwards() {
    shutdown.run();
    assertThrows(CancelledException.class, () -> shutdown.begin(() -> {}));
    assertThrows(CancelledException.class, () -> shutdown.add(new FakeEngine("late", LONG, 1)));
    assertTrue(events.isEmpty());
  }
}
