package dev.showo2.train.data;

import java.io.IOException;
import org.apiguardian.api.API;

/** Shows what rows training data become, without a model. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DryRun {

  private final TrainingData data;

  private DryRun(TrainingData data) {
    this.data = data;
  }

  /**
   * Prepares to show data.
   *
   * @param data of a run
   * @return a dry run
   */
  public static DryRun of(TrainingData data) {
    return new DryRun(data);
  }

  /**
   * Prints the first rows of each loader, token by token with labels and spans, then makes rows of
   * all examples and prints counts. Images are read, but not encoded.
   *
   * @param out to print to
   * @param limit rows of each loader that are printed; 0 or more
   * @return the counts
   * @throws IOException if printing fails
   */
  public DataReport print(Appendable out, int limit) throws IOException {
    throw new UnsupportedOperationException(data.toString() + out + limit);
  }
}
