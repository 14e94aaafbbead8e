package dev.showo2.export.synthetic;

import dev.showo2.tensor.Shape;

/**
 * Where the values of a weight lie: evenly between {@code center - radius} and {@code center +
 * radius}. Activations keep about their size from layer to layer, and no weight is zero or one
 * throughout, so that a layer that is left out, or taken for another, shows.
 */
record WeightScale(float center, float radius) {

  private static final WeightScale BIAS = new WeightScale(0, 0.1f);
  private static final WeightScale NORM = new WeightScale(1, 0.25f);

  static WeightScale of(String key, Shape shape) {
    if (key.endsWith(".bias")) {
      return BIAS;
    }
    if (key.endsWith(".gamma") || shape.rank() == 1) {
      return NORM;
    }
    long inputs = shape.elementCount() / shape.dimension(0);
    // The variance of an even distribution is a third of its radius squared.
    return new WeightScale(0, (float) Math.sqrt(3.0 / inputs));
  }
}
