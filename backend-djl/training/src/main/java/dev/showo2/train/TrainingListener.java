package dev.showo2.train;

import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * Receives what happens in a run, on the run's own thread, between two computations. What a
 * callback throws ends the run.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface TrainingListener {

  /** Does nothing. */
  TrainingListener NONE = new TrainingListener() {};

  /**
   * Called once, before the first step.
   *
   * @param done updates made before, of a run that goes on; else 0
   * @param total updates of the whole run
   */
  default void started(long done, long total) {}

  /**
   * Called after each update.
   *
   * @param step its losses, norm and rates
   */
  default void step(TrainingStep step) {}

  /**
   * Called after a checkpoint was written.
   *
   * @param folder that holds it
   */
  default void checkpoint(Path folder) {}

  /**
   * Called after fixed prompts were drawn and fixed questions answered.
   *
   * @param file of images or answers
   */
  default void sample(Path file) {}
}
