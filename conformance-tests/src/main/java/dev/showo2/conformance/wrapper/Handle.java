package dev.showo2.conformance.wrapper;

/**
 * The life of a tensor, cache or stream that a backend handed out: who is using it, whether it is
 * closed, and where it came from.
 */
final class Handle {

  private final AutoCloseable real;
  private final String description;
  private final boolean shared;
  private final Throwable opening;
  private final Handles handles;
  private int uses;
  private String user;
  private String use;
  private boolean closed;

  /**
   * @param description what it is, with its shape, such as {@code tensor [1, 4, 64]}
   * @param shared whether several threads may use it at once
   * @param origin the call that gave it
   */
  Handle(AutoCloseable real, String description, boolean shared, String origin, Handles handles) {
    this.real = real;
    this.description = description;
    this.shared = shared;
    this.handles = handles;
    opening = new Throwable(description + " was opened here, by " + origin);
  }

  AutoCloseable real() {
    return real;
  }

  /** The stack of the call that gave it. */
  Throwable opening() {
    return opening;
  }

  Handles handles() {
    return handles;
  }

  /** Begins a use; {@link #leave} ends it. */
  synchronized void enter(String call) {
    Side.CALLER.owes(!closed, call, "an open " + description, "a closed one");
    requireAlone(call, shared);
    uses++;
    user = "thread '" + Thread.currentThread().getName() + "'";
    use = call;
  }

  synchronized void leave() {
    uses--;
  }

  private void requireAlone(String call, boolean withOthers) {
    Side.CALLER.owes(
        withOthers || uses == 0,
        call,
        "a " + description + " that no other thread is using",
        user + " in the middle of " + use);
  }

  /** Closes it, as often as the caller does. */
  void close(String call) {
    synchronized (this) {
      requireAlone(call, false);
      closed = true;
    }
    handles.remove(this);
    closeReal(call);
  }

  private void closeReal(String call) {
    try {
      real.close();
    } catch (Exception | Error e) {
      throw Failures.unexpected(call, "a close that throws nothing", e);
    }
  }

  @Override
  public String toString() {
    return description;
  }
}
