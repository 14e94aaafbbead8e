package dev.showo2.error.internal;

import dev.showo2.error.CancelledException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.apiguardian.api.API;

/**
 * Ends the SDK's work when the JVM ends. The JVM runs all shutdown hooks side by side while threads
 * go on, and then unloads nothing but ends in the middle of whatever they do: native code may crash
 * and files are left half-written. A hook of this class, which is installed while there is anything
 * to end, therefore
 *
 * <ol>
 *   <li>lets the engines that were given a grace go on, until they are closed or it is over,
 *   <li>cancels each engine: its running calls end, later ones are refused,
 *   <li>waits for requests and other work to return, for a limited time,
 *   <li>closes the engines and deletes the temporary files that are left.
 * </ol>
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class JvmShutdown {

  /** An engine cannot be stopped within one operator, or while it opens a model. */
  private static final Duration ENGINE_PATIENCE = Duration.ofSeconds(30);

  /** Work that computes nothing has only to unwind. */
  private static final Duration WORK_PATIENCE = Duration.ofSeconds(5);

  /** Nothing tells when a thread dies or ends the JVM. */
  private static final Duration POLL = Duration.ofMillis(50);

  private static final JvmShutdown OF_THIS_JVM = new JvmShutdown(ENGINE_PATIENCE, WORK_PATIENCE);

  /** An engine that is open. Held weakly: one that nobody reaches has no calls in progress. */
  public interface Engine {

    /** {@return how long it goes on once the JVM ends} */
    Duration grace();

    /** {@return whether it is closed} */
    boolean isClosed();

    /** Ends running calls and refuses later ones; returns at once. */
    void cancel();

    /**
     * Waits for the calls that run.
     *
     * @param patience for the wait
     * @throws InterruptedException if the thread is interrupted
     */
    void awaitCalls(Duration patience) throws InterruptedException;

    /** Frees the engine, unless a call runs on. */
    void free();
  }

  /** Work that the JVM's end waits for until it is closed. */
  public final class Work implements AutoCloseable {

    private final Thread thread = Thread.currentThread();
    private final Runnable cleanup;

    private Work(Runnable cleanup) {
      this.cleanup = cleanup;
    }

    /** A thread that has itself asked for the JVM's end never returns from that. */
    private boolean goesOn() {
      return thread.isAlive()
          && Arrays.stream(thread.getStackTrace())
              .noneMatch(frame -> frame.getClassName().equals("java.lang.Shutdown"));
    }

    private void cleanUp() {
      try {
        cleanup.run();
      } catch (RuntimeException e) {
        // Nobody is left to be told, and the others are to be cleaned up as well.
      }
    }

    @Override
    public void close() {
      works.remove(this);
      changed();
    }
  }

  private final Duration enginePatience;
  private final Duration workPatience;
  private final Set<Engine> engines = Collections.newSetFromMap(new WeakHashMap<>());
  private final Set<Work> works = ConcurrentHashMap.newKeySet();
  private volatile boolean begun;
  private volatile boolean over;
  private Thread hook;

  JvmShutdown(Duration enginePatience, Duration workPatience) {
    this.enginePatience = enginePatience;
    this.workPatience = workPatience;
  }

  /** {@return the one of this JVM} */
  public static JvmShutdown ofThisJvm() {
    return OF_THIS_JVM;
  }

  /**
   * Begins work that nothing but its own checks cancels, and that is refused once the JVM ends.
   *
   * @return the work, to be closed on the same thread
   * @throws CancelledException if the JVM ends
   */
  public static Work work() {
    check();
    return OF_THIS_JVM.begin(() -> {});
  }

  /**
   * Ends work that has no grace.
   *
   * @throws CancelledException if the JVM ends
   */
  public static void check() {
    if (OF_THIS_JVM.begun) {
      throw cancelled(null);
    }
  }

  /** {@return whether the JVM ends} */
  public static boolean hasBegun() {
    return OF_THIS_JVM.begun;
  }

  /**
   * Makes the exception of work that ends with the JVM.
   *
   * @param cause null if there is none
   * @return the exception to throw
   */
  public static CancelledException cancelled(Throwable cause) {
    String message = "cancelled: the JVM is shutting down";
    return cause == null ? new CancelledException(message) : new CancelledException(message, cause);
  }

  /**
   * Begins work that may be part of a request, which goes on in the grace of its engine.
   *
   * @param cleanup run if the JVM ends before the work is closed, while its thread may still run
   * @return the work, to be closed by the caller
   * @throws CancelledException if the grace is over
   */
  public Work begin(Runnable cleanup) {
    Work work = new Work(cleanup);
    synchronized (this) {
      if (over) {
        throw cancelled(null);
      }
      works.add(work);
      installHook();
    }
    return work;
  }

  /**
   * Adds an engine.
   *
   * @param engine is cancelled and closed when the JVM ends, if it is not removed before
   * @throws CancelledException if the JVM ends
   */
  public synchronized void add(Engine engine) {
    if (!begun) {
      engines.add(engine);
      installHook();
    }
    if (begun) {
      engines.remove(engine);
      throw cancelled(null);
    }
  }

  /**
   * Removes an engine that is closed; does nothing if it was not added.
   *
   * @param engine that was added
   */
  public synchronized void remove(Engine engine) {
    engines.remove(engine);
    changed();
  }

  private synchronized void changed() {
    if (begun) {
      notifyAll();
    } else if (engines.isEmpty() && works.isEmpty()) {
      removeHook();
    }
  }

  /** Installed for as long as it is needed: a hook keeps the class loader of its code. */
  private void installHook() {
    if (hook == null && this == OF_THIS_JVM) {
      // Without what threads inherit, which may belong to the program.
      Thread thread = new Thread(null, this::run, "showo2-shutdown", 0, false);
      thread.setContextClassLoader(null);
      try {
        Runtime.getRuntime().addShutdownHook(thread);
        hook = thread;
      } catch (IllegalStateException e) {
        begun = true; // The first work of this JVM is that of somebody else's hook.
      }
    }
  }

  private void removeHook() {
    if (hook != null) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
        hook = null;
      } catch (IllegalStateException e) {
        begun = true; // It is about to run.
      }
    }
  }

  /** Ends everything; the hook runs it. */
  void run() {
    List<Engine> open;
    synchronized (this) {
      begun = true;
      open = new ArrayList<>(engines);
    }
    open.sort(Comparator.comparing(Engine::grace));
    try {
      long start = System.nanoTime();
      for (Engine engine : open) {
        await(engine::isClosed, start, engine.grace());
        engine.cancel();
      }
      long cancelled = System.nanoTime();
      for (Engine engine : open) {
        engine.awaitCalls(enginePatience.minusNanos(System.nanoTime() - cancelled));
      }
      await(() -> works.stream().noneMatch(Work::goesOn), System.nanoTime(), workPatience);
      open.forEach(Engine::free);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        over = true;
      }
      works.forEach(Work::cleanUp);
    }
  }

  private synchronized void await(BooleanSupplier condition, long start, Duration patience)
      throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Duration left = patience.minusNanos(System.nanoTime() - start);
      if (left.isNegative() || left.isZero()) {
        return;
      }
      wait(left.compareTo(POLL) < 0 ? Math.max(1, left.toMillis()) : POLL.toMillis());
    }
  }
}
