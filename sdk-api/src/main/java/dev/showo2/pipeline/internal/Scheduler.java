package dev.showo2.pipeline.internal;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.OverloadedException;
import dev.showo2.pipeline.Scheduling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apiguardian.api.API;

/**
 * Lets the threads of requests compute in turn. A request keeps its turn from one check for
 * cancellation to the next, and gives it up there if another client has had less time.
 *
 * <p>Time is counted per client, as in fair queueing: the client with the least gets the next turn,
 * and one that comes anew starts at the least that any running client has had, so that waiting
 * earns no credit. Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Scheduler implements AutoCloseable {

  /** Handing over a turn wakes a thread, which is not worth it for the shortest steps. */
  static final long SHORTEST_TURN = TimeUnit.MILLISECONDS.toNanos(2);

  /** Nothing tells when a listener begins to say that its request is cancelled. */
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(50);

  /** How often smaller requests overtake one that needs more memory than is free. */
  private static final int MOST_OVERTAKEN = 16;

  private static final Comparator<Place> FEWEST_RUNNING =
      Comparator.<Place>comparingInt(place -> place.client.running)
          .thenComparingLong(place -> place.client.used)
          .thenComparingLong(place -> place.number);

  private static final Duration SHORTEST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(10);

  private final Scheduling settings;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Client> clients = new HashMap<>();
  private final List<Place> waiting = new ArrayList<>();
  private final List<Place> wanting = new ArrayList<>();
  private int running;
  private long memory;
  private Place holder;
  private long turnBegan;
  private long chargedUntil;
  private long entered;
  private long leastUsed;
  private long meanRunNanos;
  private boolean closed;

  /**
   * Makes a scheduler without requests.
   *
   * @param settings limits
   */
  public Scheduler(Scheduling settings) {
    this(settings, System::nanoTime);
  }

  /**
   * @param clock nanoseconds; measures turns
   */
  Scheduler(Scheduling settings, LongSupplier clock) {
    this.settings = Objects.requireNonNull(settings, "settings");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  private static final class Client {

    private final String name;
    private long used;
    private int places;
    private int running;

    Client(String name) {
      this.name = name;
    }
  }

  /** The place of one request, which its thread waits for, takes turns with and closes. */
  final class Place implements AutoCloseable {

    private final Client client;
    private final long bytes;
    private final Runnable check;
    private final long number = entered++;
    private final Thread thread = Thread.currentThread();
    private final Condition changed = lock.newCondition();
    private boolean admitted;
    private long admittedAt;
    private int overtaken;

    private Place(Client client, long bytes, Runnable check) {
      this.client = client;
      this.bytes = bytes;
      this.check = check;
    }

    /** Waits for a turn, or goes on with the one that this request has. */
    void turn() {
      lock.lock();
      try {
        requireOpen();
        if (holder == this && !handOver()) {
          return;
        }
        wanting.add(this);
        giveTurn();
        while (holder != this) {
          await(this);
        }
      } finally {
        wanting.remove(this);
        lock.unlock();
      }
    }

    /** Whether it gave up its turn. */
    private boolean handOver() {
      long now = charge();
      if (now - turnBegan < SHORTEST_TURN
          || wanting.stream().noneMatch(other -> other.client.used <= client.used)) {
        return false;
      }
      holder = null;
      return true;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        waiting.remove(this);
        if (holder == this) {
          charge();
          holder = null;
        }
        if (admitted) {
          running--;
          client.running--;
          memory -= bytes;
          long nanos = clock.getAsLong() - admittedAt;
          meanRunNanos = meanRunNanos == 0 ? nanos : meanRunNanos + (nanos - meanRunNanos) / 8;
        }
        if (--client.places == 0) {
          clients.remove(client.name);
        }
        admit();
        giveTurn();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Enters a request and waits until it may run.
   *
   * @param client whose time it counts for
   * @param bytes that it holds between its turns
   * @param check throws once the request is cancelled; called while it waits, on this thread
   * @return its place, to be closed by this thread after the request; empty if this thread has the
   *     turn of another request already, whose listener makes this one: it then runs within that
   * @throws OverloadedException if there is no place to wait
   * @throws InsufficientMemoryException if it needs more than all requests may hold
   * @throws CancelledException if the scheduler is closed
   */
  Optional<Place> enter(String client, long bytes, Runnable check) {
    lock.lock();
    try {
      requireOpen();
      if (holder != null && holder.thread == Thread.currentThread()) {
        return Optional.empty();
      }
      requireMemory(bytes);
      Place place = new Place(clients.computeIfAbsent(client, Client::new), bytes, check);
      place.client.places++;
      try {
        waiting.add(place);
        admit();
        if (!place.admitted && waiting.size() > settings.waiting()) {
          throw refusal();
        }
        while (!place.admitted) {
          await(place);
        }
        return Optional.of(place);
      } catch (RuntimeException | Error e) {
        place.close();
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the requests that wait for a place or a turn end as cancelled. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.forEach(place -> place.changed.signal());
      wanting.forEach(place -> place.changed.signal());
    } finally {
      lock.unlock();
    }
  }

  /** Requests that run and wait; for tests. */
  int places() {
    lock.lock();
    try {
      return running + waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Requests that wait for a turn; for tests. */
  int wanting() {
    lock.lock();
    try {
      return wanting.size();
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new CancelledException("the request was cut off: its model was closed");
    }
  }

  private void requireMemory(long bytes) {
    if (bytes > settings.memory().orElse(Long.MAX_VALUE)) {
      throw new InsufficientMemoryException(
          "the request needs "
              + bytes
              + " bytes for its caches and results, all requests together may hold "
              + settings.memory().getAsLong()
              + "; ask for a smaller image, fewer frames or a shorter text, or raise the memory of"
              + " the model's scheduling");
    }
  }

  /** The most requests that run and wait. */
  long mostPlaces() {
    return (long) settings.running() + settings.waiting();
  }

  /** The refusal of one request more. */
  OverloadedException overloaded() {
    lock.lock();
    try {
      return refusal();
    } finally {
      lock.unlock();
    }
  }

  private OverloadedException refusal() {
    long nanos = meanRunNanos * waiting.size() / settings.running();
    long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos) + 1;
    Duration retry =
        Duration.ofSeconds(
            Math.min(LONGEST_RETRY.toSeconds(), Math.max(SHORTEST_RETRY.toSeconds(), seconds)));
    return new OverloadedException(
        "the model is busy: "
            + running
            + " requests run and "
            + settings.waiting()
            + " wait, which are all that its scheduling allows; ask again in "
            + retry.toSeconds()
            + " s",
        retry);
  }

  /** Waits a while, and ends with the exception of a request that is cancelled. */
  private void await(Place place) {
    try {
      place.changed.awaitNanos(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    requireOpen();
    // It calls the application, which may take its time.
    lock.unlock();
    try {
      place.check.run();
    } finally {
      lock.lock();
    }
  }

  /** Admits those that wait while there is room, of the client with the fewest requests first. */
  private void admit() {
    waiting.sort(FEWEST_RUNNING);
    for (int i = 0; i < waiting.size() && running < settings.running(); ) {
      Place place = waiting.get(i);
      if (memory + place.bytes <= settings.memory().orElse(Long.MAX_VALUE)) {
        waiting.subList(0, i).forEach(larger -> larger.overtaken++);
        waiting.remove(i);
        start(place);
        waiting.sort(FEWEST_RUNNING);
        i = 0;
      } else if (place.overtaken >= MOST_OVERTAKEN) {
        return;
      } else {
        i++;
      }
    }
  }

  private void start(Place place) {
    Client client = place.client;
    if (client.running == 0) {
      client.used = Math.max(client.used, leastUsed());
    }
    client.running++;
    running++;
    memory += place.bytes;
    place.admitted = true;
    place.admittedAt = clock.getAsLong();
    place.changed.signal();
  }

  /** The least time that a running client has had, which never falls. */
  private long leastUsed() {
    long least =
        clients.values().stream()
            .filter(client -> client.running > 0)
            .mapToLong(client -> client.used)
            .min()
            .orElse(leastUsed);
    leastUsed = Math.max(leastUsed, least);
    return leastUsed;
  }

  private void giveTurn() {
    if (holder != null || wanting.isEmpty()) {
      return;
    }
    Place next = wanting.get(0);
    for (Place place : wanting) {
      // Of equals the one that has waited longest.
      if (place.client.used < next.client.used) {
        next = place;
      }
    }
    wanting.remove(next);
    holder = next;
    turnBegan = clock.getAsLong();
    chargedUntil = turnBegan;
    next.changed.signal();
  }

  /** Counts the time of the turn so far; gives the time now. */
  private long charge() {
    long now = clock.getAsLong();
    holder.client.used += now - chargedUntil;
    chargedUntil = now;
    return now;
  }
}
