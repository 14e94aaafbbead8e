package dev.showo2.conformance.fault;

import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A way to inject a fault. */
sealed interface FaultInjection {

  Backend open(Bundle bundle);

  /** Empty if it cannot be made from outside. */
  Optional<Backend> around(Backend right, Architecture architecture);

  /**
   * Within the reference backend.
   *
   * @param change to a variation that is none yet
   */
  record Inside(UnaryOperator<Variation> change) implements FaultInjection {

    @Override
    public Backend open(Bundle bundle) {
      return change.apply(Variation.none(bundle.architecture())).open(bundle);
    }

    @Override
    public Optional<Backend> around(Backend right, Architecture architecture) {
      return Optional.empty();
    }
  }

  /**
   * Around any right backend.
   *
   * @param wrapping the right backend, closed by its wrapper, and its sizes
   */
  record Outside(BiFunction<Backend, Architecture, Backend> wrapping) implements FaultInjection {

    @Override
    public Backend open(Bundle bundle) {
      Architecture architecture = bundle.architecture();
      return wrapping.apply(Variation.none(architecture).open(bundle), architecture);
    }

    @Override
    public Optional<Backend> around(Backend right, Architecture architecture) {
      return Optional.of(wrapping.apply(right, architecture));
    }
  }

  static FaultInjection inside(UnaryOperator<Variation> change) {
    return new Inside(change);
  }

  static FaultInjection outside(BiFunction<Backend, Architecture, Backend> wrapping) {
    return new Outside(wrapping);
  }

  static FaultInjection outside(UnaryOperator<Backend> wrapping) {
    return new Outside((right, architecture) -> wrapping.apply(right));
  }
}
