package dev.showo2.train;

import dev.showo2.error.ShowO2Exception;
import java.util.List;
import org.apiguardian.api.API;

/** The end of a run whose losses, gradients or weights are no longer finite numbers. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TrainingDivergedException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  private final long step;
  private final transient List<String> origins;

  TrainingDivergedException(String message, long step, List<String> origins) {
    super(message, null);
    this.step = step;
    this.origins = List.copyOf(origins);
  }

  /**
   * Returns the step that failed.
   *
   * @return from 1
   */
  public long step() {
    return step;
  }

  /**
   * Returns the origins of the step's rows.
   *
   * @return such as file and line of each; empty of a deserialized exception
   */
  public List<String> origins() {
    return origins == null ? List.of() : origins;
  }
}
