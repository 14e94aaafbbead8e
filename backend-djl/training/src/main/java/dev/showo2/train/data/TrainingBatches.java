package dev.showo2.train.data;

import dev.showo2.spi.Backend;
import dev.showo2.train.BatchSource;
import java.util.Optional;
import org.apiguardian.api.API;

/** Batches of training data, drawn one after the other. Not thread-safe. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingBatches implements BatchSource {

  TrainingBatches(TrainingData data, Backend backend) {}

  @Override
  public Optional<Drawn> next() {
    throw new UnsupportedOperationException();
  }

  @Override
  public long batchesPerPass() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume(String state) {
    throw new UnsupportedOperationException();
  }

  /**
   * Counts rows and problems up to the last batch that was drawn, or that ended with an error.
   *
   * @return the counts
   */
  public DataReport report() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
