package dev.showo2.conformance.reference;

import dev.showo2.model.Architecture;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import java.util.List;
import java.util.OptionalInt;
import org.apiguardian.api.API;

/**
 * The reference backend with something else put in: other sizes and constants, other weights, other
 * formulas. Its own code stays as it is, and right.
 *
 * @param architecture in place of the bundle's
 * @param weights changes to the bundle's weights, in their order
 */
@API(status = API.Status.INTERNAL)
public record Variation(Architecture architecture, List<WeightEdit> weights, Formulas formulas) {

  public Variation {
    weights = List.copyOf(weights);
  }

  /** None: a bundle as it is. */
  public static Variation none(Architecture architecture) {
    return new Variation(architecture, List.of(), Formulas.SPEC);
  }

  /** The same with another architecture. */
  public Variation with(Architecture other) {
    return new Variation(other, weights, formulas);
  }

  /** The same with other changes to weights. */
  public Variation with(WeightEdit... others) {
    return new Variation(architecture, List.of(others), formulas);
  }

  /** The same with other formulas. */
  public Variation with(Formulas others) {
    return new Variation(architecture, weights, others);
  }

  /**
   * Opens the reference backend so varied.
   *
   * @throws dev.showo2.error.InvalidModelException if the bundle lacks a weight, or one has another
   *     shape than the architecture calls for
   */
  public Backend open(Bundle bundle) {
    return ReferenceBackend.open(bundle, this, OptionalInt.empty());
  }
}
