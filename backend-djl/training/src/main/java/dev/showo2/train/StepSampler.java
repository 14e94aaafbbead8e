package dev.showo2.train;

import dev.showo2.spi.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apiguardian.api.API;

/** Tries a model that is being trained, such as by drawing fixed prompts. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface StepSampler {

  /**
   * Computes with the weights as they are and writes files.
   *
   * @param backend of the model; not to be closed
   * @param step number of updates made
   * @param folder of the run
   * @return the files
   * @throws IOException if they cannot be written
   */
  List<Path> sample(Backend backend, long step, Path folder) throws IOException;
}
