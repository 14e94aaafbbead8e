package dev.showo2.conformance.wrapper;

import dev.showo2.error.ShowO2Exception;

/** The exceptions that a call of a backend may throw. */
final class Failures {

  private Failures() {}

  /**
   * Gives back what a backend may throw; an assertion of another wrapper underneath too.
   *
   * @throws AssertionError if it may not
   */
  static RuntimeException allowed(String call, Throwable failure) {
    if (failure instanceof ShowO2Exception
        || failure instanceof IllegalArgumentException
        || failure instanceof IllegalStateException) {
      return (RuntimeException) failure;
    }
    throw unexpected(
        call, "a ShowO2Exception, IllegalArgumentException or IllegalStateException", failure);
  }

  /** What was thrown instead of what is expected; an assertion stays what it is. */
  static AssertionError unexpected(String call, String expected, Throwable failure) {
    if (failure instanceof AssertionError assertion) {
      return assertion;
    }
    AssertionError error = Side.BACKEND.broke(call, expected, failure);
    error.initCause(failure);
    return error;
  }
}
