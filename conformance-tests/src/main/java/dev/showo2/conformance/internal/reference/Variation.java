package dev.showo2.conformance.internal.reference;

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

  /**
   * Copies the collections, so that changes to them afterwards have no effect.
   *
   * @param architecture in place of the bundle's
   * @param weights changes to the bundle's weights, in their order
   * @param formulas the formulas of the model
   */
  public Variation {
    weights = List.copyOf(weights);
  }

  /**
   * {@return the variation that leaves a bundle as it is}
   *
   * @param architecture the sizes of the model
   */
  public static Variation none(Architecture architecture) {
    return new Variation(architecture, List.of(), Formulas.SPEC);
  }

  /**
   * {@return the same with another architecture}
   *
   * @param other the replacement
   */
  public Variation with(Architecture other) {
    return new Variation(other, weights, formulas);
  }

  /**
   * {@return the same with other changes to weights}
   *
   * @param others the replacements
   */
  public Variation with(WeightEdit... others) {
    return new Variation(architecture, List.of(others), formulas);
  }

  /**
   * {@return the same with other formulas}
   *
   * @param others the replacements
   */
  public Variation with(Formulas others) {
    return new Variation(architecture, weights, others);
  }

  /**
   * Opens the reference backend so varied.
   *
   * @param bundle the bundle to open
   * @return the backend; the caller closes it
   * @throws dev.showo2.error.InvalidModelException if the bundle lacks a weight, or one has another
   *     shape than the architecture calls for
   */
  public Backend open(Bundle bundle) {
    return ReferenceBackend.open(bundle, this, OptionalInt.empty());
  }
}
