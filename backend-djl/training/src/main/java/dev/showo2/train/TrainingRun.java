package dev.showo2.train;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.JvmShutdown;
import dev.showo2.train.spi.TrainableModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apiguardian.api.API;

/**
 * Trains a model step by step, writes what happens and checkpoints to a folder, and goes on from
 * the last checkpoint to the bit.
 *
 * <p>{@link #stop}, an interrupt of the thread and the end of the JVM end a run early: it finishes
 * what it computes, writes a checkpoint of its last whole step and returns. For the end of the JVM
 * the model is to be opened with a {@linkplain dev.showo2.spi.BackendConfig#shutdownGrace grace};
 * else its backend refuses to go on and the last checkpoint is the one that was written before.
 *
 * <p>A run is used once, and computes on a thread of its own while its caller waits. It leaves
 * model and source open, which the caller closes. Not thread-safe but for {@link #stop}.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingRun {

  private static final Duration GRACE = Duration.ofMinutes(10);

  private final RunSettings settings;
  private final Stop stop = new Stop();

  TrainingRun(RunSettings settings) {
    this.settings = settings;
  }

  /**
   * Begins to describe a run with the losses of SPEC 10, of which the source says which.
   *
   * @param folder of the run; is created if it does not exist
   * @param model to train
   * @param source of its data
   * @return a builder
   */
  public static TrainingRunBuilder builder(Path folder, TrainableModel model, BatchSource source) {
    return new TrainingRunBuilder(folder, model, source);
  }

  /**
   * The end of a run.
   *
   * @param steps updates made in all
   * @param stopped true if the run ended before its last step and can be resumed
   * @param checkpoint the last one
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record Result(long steps, boolean stopped, Path checkpoint) {}

  /**
   * Tells whether there is something to go on from.
   *
   * @param folder of a run
   * @return true if it holds a checkpoint
   * @throws UncheckedIOException if it cannot be read
   */
  public static boolean hasCheckpoint(Path folder) {
    try {
      return !RunFolder.checkpoints(folder).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Begins a run in a folder that holds none.
   *
   * @return its end
   * @throws InvalidRequestException if the folder holds a run already, or another run writes to it
   * @throws TrainingDivergedException if a loss, norm or weight is not finite; the last checkpoint
   *     stays
   * @throws UncheckedIOException if files cannot be written; the last checkpoint stays
   * @throws CancelledException if the backend was cancelled; the last checkpoint stays
   */
  public Result start() {
    return inFolder(
        folder -> {
          List<Long> there = RunFolder.checkpoints(folder.path());
          if (!there.isEmpty()) {
            throw new InvalidRequestException(
                folder.path()
                    + " holds a run up to step "
                    + there.get(there.size() - 1)
                    + " already; resume it, or name another folder");
          }
          return new RunLoop(settings, folder, stop).run();
        });
  }

  /**
   * Goes on from the newest checkpoint of the folder.
   *
   * @return the end of the run
   * @throws InvalidRequestException if there is none, if it is of another model, of other trained
   *     parts or of other data, or if another run writes to the folder
   * @throws dev.showo2.error.InvalidModelException if it is corrupt
   * @throws TrainingDivergedException as for {@link #start}
   * @throws UncheckedIOException as for {@link #start}
   * @throws CancelledException as for {@link #start}
   */
  public Result resume() {
    return inFolder(
        folder -> {
          List<Long> there = RunFolder.checkpoints(folder.path());
          if (there.isEmpty()) {
            throw new InvalidRequestException(
                "there is no checkpoint in "
                    + folder.path()
                    + " to go on from; begin the run, or name its folder");
          }
          RunLoop loop = new RunLoop(settings, folder, stop);
          loop.goOnFrom(there.get(there.size() - 1));
          return loop.run();
        });
  }

  /** Asks the run to end with a checkpoint; returns at once. Thread-safe. */
  public void stop() {
    stop.request();
  }

  private interface InFolder {
    Result run(RunFolder folder) throws IOException;
  }

  private Result inFolder(InFolder body) {
    JvmShutdown shutdown = JvmShutdown.ofThisJvm();
    shutdown.add(stop);
    try {
      return onItsOwnThread(
          () -> {
            try (RunFolder folder = RunFolder.open(settings.folder())) {
              return body.run(folder);
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } finally {
      stop.over();
      shutdown.remove(stop);
    }
  }

  /**
   * Files close under a thread that is interrupted while it writes. So the run has a thread that
   * nobody interrupts, and an interrupt of the caller is a wish to end.
   */
  private Result onItsOwnThread(Callable<Result> body) throws IOException {
    FutureTask<Result> task = new FutureTask<>(body);
    Thread thread = new Thread(null, task, "showo2-training", 0, false);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          stop.request();
        } catch (ExecutionException e) {
          throw unwrapped(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException unwrapped(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    return (IOException) failure;
  }

  /** The wish to end a run, by whoever has it; the JVM's end waits until the run is over. */
  static final class Stop implements JvmShutdown.Engine {

    private volatile boolean requested;
    private volatile boolean over;

    /** {@return whether to end} */
    boolean isRequested() {
      return requested || JvmShutdown.hasBegun();
    }

    void request() {
      requested = true;
    }

    void over() {
      over = true;
    }

    @Override
    public Duration grace() {
      return GRACE;
    }

    @Override
    public boolean isClosed() {
      return over;
    }

    @Override
    public void cancel() {
      requested = true;
    }

    @Override
    public void awaitCalls(Duration patience) {
      // Those of the backend, which waits itself.
    }

    @Override
    public void free() {
      // Its backend does.
    }
  }
}
