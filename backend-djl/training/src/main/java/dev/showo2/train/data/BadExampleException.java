package dev.showo2.train.data;

import dev.showo2.error.ShowO2Exception;
import java.util.Objects;
import org.apiguardian.api.API;

/** An example of which no row can be made. Loaders skip it or stop, as they are set. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class BadExampleException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  private final ExampleProblem problem;

  /**
   * Reports a problem.
   *
   * @param problem its kind
   * @param message what was expected and what was found; loaders add file and line
   */
  public BadExampleException(ExampleProblem problem, String message) {
    this(problem, message, null);
  }

  /**
   * Reports a problem.
   *
   * @param problem its kind
   * @param message what was expected and what was found; loaders add file and line
   * @param cause what it came from, or null
   */
  public BadExampleException(ExampleProblem problem, String message, Throwable cause) {
    super(message, cause);
    this.problem = Objects.requireNonNull(problem, "problem");
  }

  /**
   * Returns the kind of the problem.
   *
   * @return one that is {@linkplain ExampleProblem#unusable unusable}
   */
  public ExampleProblem problem() {
    return problem;
  }
}
