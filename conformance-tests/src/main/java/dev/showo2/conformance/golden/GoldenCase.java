package dev.showo2.conformance.golden;

import org.apiguardian.api.API;

/**
 * One golden case: inputs and outputs of one stage or task, as the official code computed them.
 * Obtained from a {@link GoldenSet}; not to be implemented by others.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface GoldenCase {

  /**
   * The name of the case.
   *
   * @return unique within its set
   */
  String name();

  /**
   * The kind of case.
   *
   * @return a name such as {@code fusion} or {@code t2i}
   */
  String stage();

  /**
   * Compares the file of the case with all that {@code cases.json} announces of it.
   *
   * @throws dev.showo2.error.InvalidModelException if a tensor is missing, or has another shape or
   *     type
   */
  void requireIntact();
}
