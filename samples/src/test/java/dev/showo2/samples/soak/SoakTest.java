package dev.showo2.samples.soak;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.ShowO2;
import dev.showo2.error.CancelledException;
import dev.showo2.model.Integrity;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.samples.shutdown.Kills;
import dev.showo2.samples.testing.MixedRequest;
import dev.showo2.samples.testing.TestCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Eight threads with requests of all kinds on one model that is closed and opened again meanwhile,
 * and processes that are killed beside them.
 */
@Tag("soak")
@EnabledOnOs(OS.LINUX)
class SoakTest {

  private static final Duration DURATION =
      Duration.parse("PT" + System.getProperty("soak.duration", "1h"));

  private static final int THREADS = 8;
  private static final int SEEDS = 3;
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);
  private static final Duration BETWEEN_SAMPLES = DURATION.dividedBy(120);

  /** What the arenas of an engine and the JVM's heap move by from one hour to the next. */
  private static final double MEMORY_ALLOWANCE = 1.15;

  private static final int COUNT_ALLOWANCE = 8;

  @TempDir private Path folder;

  private final Map<String, String> alone = new TreeMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger reopened = new AtomicInteger();
  private final AtomicInteger killed = new AtomicInteger();
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private final List<ProcessUse> samples = new ArrayList<>();
  private ShowO2 model;
  private long deadline;

  @Test
  void answersAreThoseOfRequestsAloneAndNothingGrows() throws Exception {
    model = open();
    for (MixedRequest request : MixedRequest.values()) {
      for (long seed = 0; seed < SEEDS; seed++) {
        alone.put(request + " " + seed, request.run(model, seed, folder, GenerationListener.NONE));
      }
    }
    deadline = System.nanoTime() + DURATION.toNanos();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 3);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        Random random = new Random(i);
        running.add(threads.submit(() -> repeat(Duration.ZERO, () -> ask(random))));
      }
      running.add(threads.submit(() -> repeat(BETWEEN_KILLS, this::reopen)));
      running.add(threads.submit(() -> repeat(BETWEEN_KILLS, this::kill)));
      running.add(threads.submit(() -> repeat(BETWEEN_SAMPLES, this::sample)));
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
      threads.awaitTermination(1, TimeUnit.MINUTES);
      model.close();
    }
    System.out.println(counts());
    assertEquals(List.of(), List.copyOf(wrong));
    assertFlat();
  }

  private static ShowO2 open() throws IOException {
    return ShowO2.builder(TestCache.bundle()).integrity(Integrity.SIZES).threads(1).open();
  }

  private Void repeat(Duration pause, Callable<?> action) throws Exception {
    while (System.nanoTime() < deadline) {
      action.call();
      TimeUnit.NANOSECONDS.sleep(Math.min(pause.toNanos(), deadline - System.nanoTime()));
    }
    return null;
  }

  private Void ask(Random random) {
    MixedRequest request = MixedRequest.values()[random.nextInt(MixedRequest.values().length)];
    long seed = random.nextInt(SEEDS);
    Disturbance disturbance = Disturbance.random(random);
    use.readLock().lock();
    try {
      String answer = request.run(model, seed, folder, disturbance);
      answered.incrementAndGet();
      if (!answer.equals(alone.get(request + " " + seed))) {
        report(request + " " + seed + ": another answer than alone: " + answer);
      }
    } catch (CancelledException e) {
      cancelled.incrementAndGet();
      if (disturbance.kind() == Disturbance.Kind.NONE) {
        report(request + " " + seed + ": cancelled by nobody: " + e);
      }
    } catch (RuntimeException | Error e) {
      report(request + " " + seed + " with " + disturbance.kind() + ": " + e);
    } finally {
      use.readLock().unlock();
      Thread.interrupted(); // So that the next request begins without it.
    }
    return null;
  }

  private Void reopen() throws IOException {
    use.writeLock().lock();
    try {
      model.close();
      model = open();
      reopened.incrementAndGet();
    } finally {
      use.writeLock().unlock();
    }
    return null;
  }

  private Void kill() throws IOException, InterruptedException {
    int number = killed.getAndIncrement();
    Path child = Files.createDirectory(folder.resolve("child-" + number));
    Kills.one(number, 0, child).forEach(this::report);
    return null;
  }

  private Void sample() throws IOException {
    ProcessUse now = ProcessUse.now();
    samples.add(now);
    System.out.println(now + " " + counts());
    return null;
  }

  private void report(String failure) {
    wrong.add(failure);
    System.out.println("WRONG: " + failure);
  }

  private String counts() {
    return answered
        + " answered, "
        + cancelled
        + " cancelled or interrupted, "
        + reopened
        + " times reopened, "
        + killed
        + " processes killed, "
        + wrong.size()
        + " wrong";
  }

  /** The second quarter, when everything has been used once, is compared with the last one. */
  private void assertFlat() {
    int quarter = samples.size() / 4;
    List<ProcessUse> early = samples.subList(quarter, 2 * quarter);
    List<ProcessUse> late = samples.subList(samples.size() - quarter, samples.size());
    long memory = ProcessUse.median(early, ProcessUse::residentMib);
    long files = ProcessUse.median(early, ProcessUse::files);
    long threads = ProcessUse.median(early, ProcessUse::threads);
    assertAll(
        () ->
            assertTrue(
                ProcessUse.median(late, ProcessUse::residentMib) <= memory * MEMORY_ALLOWANCE,
                "memory grows: " + samples),
        () ->
            assertTrue(
                ProcessUse.median(late, ProcessUse::files) <= files + COUNT_ALLOWANCE,
                "files stay open: " + samples),
        () ->
            assertTrue(
                ProcessUse.median(late, ProcessUse::threads) <= threads + COUNT_ALLOWANCE,
                "threads stay: " + samples));
  }
}
