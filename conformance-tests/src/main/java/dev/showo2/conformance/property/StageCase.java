package dev.showo2.conformance.property;

import org.apiguardian.api.API;

/**
 * One way to use a stage, of random lengths: what it is called with, and what of it is compared.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface StageCase {

  /**
   * Makes the calls on one backend and keeps their results.
   *
   * @param run the backend and its results
   */
  void run(StageRun run);
}
