package dev.showo2.conformance.property;

/**
 * One way to use a stage, of random lengths: what it is called with, and what of it is compared.
 */
interface StageCase {

  /**
   * Makes the calls on one backend and keeps their results.
   *
   * @param run the backend and its results
   */
  void run(StageRun run);
}
