package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.spi.Capabilities;
import dev.showo2.stage.Stage;
import java.util.Arrays;

/** The state of one asserting backend: the sizes of its model, what it can do, and what is open. */
final class Watch {

  private final Backend backend;
  private final Architecture architecture;
  private final Capabilities capabilities;
  private final Handles handles = new Handles();
  private volatile boolean closed;

  Watch(Backend backend, Architecture architecture) {
    this.backend = backend;
    this.architecture = architecture;
    capabilities = backend.capabilities();
    Side.BACKEND.owes(capabilities != null, "Backend.capabilities", "capabilities", null);
  }

  Backend backend() {
    return backend;
  }

  Architecture architecture() {
    return architecture;
  }

  Capabilities capabilities() {
    return capabilities;
  }

  Handles handles() {
    return handles;
  }

  /** Whether one of these stages is there. */
  boolean supports(Stage... stages) {
    return Arrays.stream(stages).anyMatch(capabilities::supports);
  }

  /**
   * A call that begins; closing it ends it.
   *
   * @throws AssertionError if the backend is closed
   */
  Call begin(String name) {
    Side.CALLER.owes(!closed, name, "an open backend", "a closed one");
    return new Call(this, name);
  }

  /** Whether this is the first time. */
  synchronized boolean markClosed() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
