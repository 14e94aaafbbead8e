package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.Closer;

/** Options of the runs of all sessions; ends them when the JVM ends. */
final class RunSwitch implements AutoCloseable {

  private static final String SHRINKING = "memory.enable_memory_arena_shrinkage";

  private final OrtSession.RunOptions options;
  private final OrtSession.RunOptions shrinking;
  private boolean closed;

  private RunSwitch(OrtSession.RunOptions options, OrtSession.RunOptions shrinking) {
    this.options = options;
    this.shrinking = shrinking;
  }

  /**
   * @param arena whether sessions have memory that they keep between runs
   */
  static RunSwitch create(BackendLifetime lifetime, boolean arena) {
    try (Closer closer = new Closer()) {
      OrtSession.RunOptions options = closer.add(new OrtSession.RunOptions());
      OrtSession.RunOptions shrinking = closer.add(new OrtSession.RunOptions());
      if (arena) {
        shrinking.addRunConfigEntry(SHRINKING, "cpu:0");
      }
      RunSwitch runs = new RunSwitch(options, shrinking);
      lifetime.onCancel(runs::terminate);
      closer.keepAll();
      return runs;
    } catch (OrtException e) {
      throw OnnxContext.FAILURES.during(lifetime, "making options of runs", e);
    }
  }

  /**
   * @param large whether the session gives memory back after the run: each session keeps its own,
   *     which would add up
   */
  OrtSession.RunOptions options(boolean large) {
    return large ? shrinking : options;
  }

  private synchronized void terminate() {
    if (!closed) {
      try {
        options.setTerminate(true);
        shrinking.setTerminate(true);
      } catch (OrtException e) {
        // The runs then end by themselves, which is waited for.
      }
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      options.close();
      shrinking.close();
    }
  }
}
