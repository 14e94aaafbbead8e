package dev.showo2.pipeline.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.OverloadedException;
import dev.showo2.pipeline.Scheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns, places and their limits, with a clock that only steps move. */
@Timeout(60)
class SchedulerTest {

  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong now = new AtomicLong();
  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

  /** Held by the test while requests come, so that all of them want the next turn. */
  private Scheduler.Place first;

  private Scheduler scheduler;

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void clientsGetEqualTimeWhateverAStepTakes() {
    begin(Scheduling.DEFAULTS);
    CompletableFuture<?> video = request("video", 10, 100 * MILLISECOND);
    CompletableFuture<?> chat = request("chat", 30, 10 * MILLISECOND);
    release(2);
    video.join();
    chat.join();
    // A step of the video, then ten tokens, and so on; the video goes on alone in the end.
    assertEquals(30, Collections.frequency(steps, "chat"));
    int last = steps.lastIndexOf("chat");
    long before = steps.subList(0, last).stream().filter("video"::equals).count();
    assertTrue(before >= 2 && before <= 4, steps.toString());
    for (int at = 1; at < last; at++) {
      assertTrue(
          !(steps.get(at).equals("video") && steps.get(at - 1).equals("video")), steps.toString());
    }
  }

  @Test
  void requestsOfOneClientShareItsTime() {
    begin(Scheduling.DEFAULTS);
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(request("many", 20, 10 * MILLISECOND));
    }
    all.add(request("one", 20, 10 * MILLISECOND));
    release(4);
    all.forEach(CompletableFuture::join);
    int last = steps.lastIndexOf("one");
    long many = steps.subList(0, last).stream().filter("many"::equals).count();
    assertTrue(many >= 18 && many <= 21, steps.toString());
  }

  @Test
  void shortStepsOfOneRequestStayTogether() {
    begin(Scheduling.DEFAULTS);
    CompletableFuture<?> a = request("a", 20, Scheduler.SHORTEST_TURN / 10);
    CompletableFuture<?> b = request("b", 20, Scheduler.SHORTEST_TURN / 10);
    release(2);
    a.join();
    b.join();
    int changes = 0;
    for (int i = 1; i < steps.size(); i++) {
      changes += steps.get(i).equals(steps.get(i - 1)) ? 0 : 1;
    }
    assertTrue(changes <= 4, steps.toString());
  }

  @Test
  void beyondThePlacesRequestsAreRefused() {
    begin(Scheduling.builder().running(1).waiting(2).build());
    CompletableFuture<?> second = request("a", 1, MILLISECOND);
    awaitPlaces(2);
    CompletableFuture<?> third = request("b", 1, MILLISECOND);
    awaitPlaces(3);
    CompletableFuture<?> fourth = request("c", 1, MILLISECOND);
    OverloadedException refused =
        assertInstanceOf(
            OverloadedException.class,
            assertThrows(CompletionException.class, fourth::join).getCause());
    assertEquals(
        "the model is busy: 1 requests run and 2 wait, which are all that its scheduling allows;"
            + " ask again in 1 s",
        refused.getMessage());
    assertEquals(Duration.ofSeconds(1), refused.retryAfter());
    assertEquals(3, scheduler.places());
    first.close();
    second.join();
    third.join();
    assertEquals(0, scheduler.places());
  }

  @Test
  void theNextPlaceIsOfTheClientWithTheFewestRequests() {
    begin(Scheduling.builder().running(2).waiting(9).build());
    CompletableFuture<Scheduler.Place> running = new CompletableFuture<>();
    CountDownLatch hold = new CountDownLatch(1);
    threads.execute(
        () -> {
          try (Scheduler.Place place = enter("greedy", 0, () -> {})) {
            running.complete(place);
            hold.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    running.join();
    CompletableFuture<?> greedy = request("greedy", 1, MILLISECOND);
    awaitPlaces(3);
    CompletableFuture<?> modest = request("modest", 1, MILLISECOND);
    awaitPlaces(4);
    first.close();
    greedy.join();
    modest.join();
    hold.countDown();
    assertEquals(List.of("modest", "greedy"), steps);
  }

  @Test
  void memoryBoundsWhatRunsAndSmallerRequestsGoFirst() {
    begin(Scheduling.builder().memory(100).build());
    first.close();
    Scheduler.Place large = enter("a", 60, () -> {});
    CompletableFuture<?> larger = request("b", 1, MILLISECOND, 70);
    awaitPlaces(2);
    CompletableFuture<?> small = request("c", 1, MILLISECOND, 40);
    small.join();
    assertEquals(List.of("c"), steps);
    large.close();
    larger.join();
    assertEquals(List.of("c", "b"), steps);
    assertFails(
        InsufficientMemoryException.class,
        () -> enter("d", 101, () -> {}),
        "the request needs 101 bytes for its caches and results, all requests together may hold"
            + " 100;");
    assertEquals(0, scheduler.places());
  }

  @Test
  void aLargeRequestIsOvertakenOnlySoOften() {
    begin(Scheduling.builder().memory(100).waiting(64).build());
    first.close();
    Scheduler.Place some = enter("a", 60, () -> {});
    CompletableFuture<?> large = request("b", 1, MILLISECOND, 70);
    awaitPlaces(2);
    for (int i = 0; i < 16; i++) {
      request("c", 1, MILLISECOND, 10).join();
    }
    CompletableFuture<?> late = request("c", 1, MILLISECOND, 10);
    awaitPlaces(3);
    assertEquals(Collections.nCopies(16, "c"), List.copyOf(steps));
    some.close();
    large.join();
    late.join();
    assertTrue(steps.contains("b"));
  }

  @Test
  void whoeverIsCancelledLeavesAtOnceAndTakesNothingWithIt() {
    begin(Scheduling.builder().running(2).build());
    AtomicBoolean cancelled = new AtomicBoolean();
    Runnable check =
        () -> {
          if (cancelled.get()) {
            throw new CancelledException("cancelled");
          }
        };
    CompletableFuture<?> wantsTurn = run("a", 0, check, 1, MILLISECOND);
    awaitPlaces(2);
    CompletableFuture<?> wantsPlace = run("b", 0, check, 1, MILLISECOND);
    awaitPlaces(3);
    cancelled.set(true);
    for (CompletableFuture<?> request : List.of(wantsTurn, wantsPlace)) {
      assertEquals(
          CancelledException.class,
          assertThrows(CompletionException.class, request::join).getCause().getClass());
    }
    assertEquals(1, scheduler.places());
    assertEquals(List.of(), steps);
    first.turn();
    first.close();
  }

  @Test
  void aRequestThatFailsGivesItsTurnToTheNext() {
    begin(Scheduling.DEFAULTS);
    CompletableFuture<?> fails =
        CompletableFuture.runAsync(
            () -> {
              try (Scheduler.Place place = enter("a", 0, () -> {})) {
                place.turn();
                throw new IllegalStateException("engine");
              }
            },
            threads);
    CompletableFuture<?> other = request("b", 3, 10 * MILLISECOND);
    release(2);
    assertThrows(CompletionException.class, fails::join);
    other.join();
    assertEquals(List.of("b", "b", "b"), steps);
  }

  @Test
  void closingEndsThoseThatWait() {
    begin(Scheduling.builder().running(2).build());
    CompletableFuture<?> wantsTurn = request("a", 1, MILLISECOND);
    awaitPlaces(2);
    CompletableFuture<?> wantsPlace = request("b", 1, MILLISECOND);
    awaitPlaces(3);
    scheduler.close();
    for (CompletableFuture<?> request : List.of(wantsTurn, wantsPlace)) {
      assertInstanceOf(
          CancelledException.class,
          assertThrows(CompletionException.class, request::join).getCause());
    }
    assertThrows(CancelledException.class, first::turn);
    first.close();
    assertEquals(0, scheduler.places());
  }

  @Test
  void aRequestOfAListenerRunsWithinTheTurnOfItsThread() {
    begin(Scheduling.builder().running(1).waiting(0).build());
    assertEquals(Optional.empty(), scheduler.enter("b", 0, () -> {}));
    first.close();
  }

  private void begin(Scheduling settings) {
    scheduler = new Scheduler(settings, now::get);
    first = enter("first", 0, () -> {});
    first.turn();
  }

  private Scheduler.Place enter(String client, long bytes, Runnable check) {
    return scheduler.enter(client, bytes, check).orElseThrow();
  }

  private CompletableFuture<?> request(String client, int count, long nanos) {
    return request(client, count, nanos, 0);
  }

  private CompletableFuture<?> request(String client, int count, long nanos, long bytes) {
    return run(client, bytes, () -> {}, count, nanos);
  }

  private CompletableFuture<?> run(
      String client, long bytes, Runnable check, int count, long nanos) {
    return CompletableFuture.runAsync(
        () -> {
          try (Scheduler.Place place = enter(client, bytes, check)) {
            for (int i = 0; i < count; i++) {
              place.turn();
              steps.add(client);
              now.addAndGet(nanos);
            }
          }
        },
        threads);
  }

  /** Lets the requests begin once this many want the turn that the test holds. */
  private void release(int wanting) {
    await(() -> scheduler.wanting() == wanting);
    first.close();
  }

  private void awaitPlaces(int places) {
    await(() -> scheduler.places() == places);
  }

  private static void await(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }
}
