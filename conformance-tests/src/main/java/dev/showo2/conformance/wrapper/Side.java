package dev.showo2.conformance.wrapper;

/** The side of a call that has to keep a rule of the SPI. */
enum Side {
  CALLER("the caller"),
  BACKEND("the backend");

  private final String who;

  Side(String who) {
    this.who = who;
  }

  /**
   * @param call such as {@code Backbone.append}
   * @throws AssertionError if it does not hold
   */
  void owes(boolean holds, String call, String expected, Object found) {
    if (!holds) {
      throw broke(call, expected, found);
    }
  }

  AssertionError broke(String call, String expected, Object found) {
    return new AssertionError(
        who + " broke the contract of " + call + ": " + expected + " is expected, found " + found);
  }
}
