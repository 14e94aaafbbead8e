package dev.showo2.conformance.fault;

import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import java.util.function.Function;

/**
 * Access to the faults of the kit for a backend that can be varied as the reference backend can.
 */
public final class PlantedFault {

  private PlantedFault() {}

  /**
   * Opens a backend with a fault.
   *
   * @param open opens the backend with other sizes, weights and formulas
   */
  public static Backend open(
      Fault fault, Architecture architecture, Function<Variation, Backend> open) {
    Variation none = Variation.none(architecture);
    if (fault.realization() instanceof FaultInjection.Inside inside) {
      return open.apply(inside.change().apply(none));
    }
    Backend right = open.apply(none);
    return fault.around(right, architecture).orElseThrow();
  }
}
