package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.function.Function;

/** Holds the backend under test against the reference. */
final class Oracle {

  private Oracle() {}

  /** Has both compute the same, and compares. */
  static void stage(
      CheckContext trial, Checks checks, String name, Function<Backend, HostTensor> computation) {
    HostTensor actual = computation.apply(trial.backend());
    checks.stage(name, actual, computation.apply(trial.oracle().get().backend()));
  }
}
