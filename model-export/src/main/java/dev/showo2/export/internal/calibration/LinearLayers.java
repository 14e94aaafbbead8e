package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.WeightEncoding;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Linear layers y = W · x + b, their weights read when they are needed. Where a weight is encoded,
 * the layer is computed in four ways in the one pass over it: each stream's input with the weight
 * as it is and as it was rounded. What the exact stream's two results differ by is the layer's
 * error; it decides which result the rounded stream goes on with.
 */
final class LinearLayers {

  private final WeightReader reader;
  private final Encodings encodings;
  private final RowWorkers workers;
  private final Map<String, LayerError> errors = new LinkedHashMap<>();

  LinearLayers(WeightReader reader, Encodings encodings, RowWorkers workers) {
    this.reader = reader;
    this.encodings = encodings;
    this.workers = workers;
  }

  WeightReader reader() {
    return reader;
  }

  RowWorkers workers() {
    return workers;
  }

  /** A weight and a bias under one key. */
  Activations withBias(String key, Activations x) {
    return apply(key + ".weight", x, reader.all(key + ".bias"));
  }

  Activations withoutBias(String key, Activations x) {
    return apply(key + ".weight", x, new float[reader.rows(key + ".weight")]);
  }

  private Activations apply(String key, Activations x, float[] bias) {
    if (reader.columns(key) != x.channels()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "'%s' has %d inputs, got %d", key, reader.columns(key), x.channels()));
    }
    Activations plain = filled(bias, x);
    WeightEncoding encoding = encodings.of(key);
    if (encoding == WeightEncoding.FLOAT32) {
      reader.blocks(
          key, workers, (values, first, rows) -> Product.add(values, rows, x, plain, first));
      return plain;
    }
    Activations inputs = RoundedValues.inputs(encoding, x);
    Activations rounded = filled(bias, x);
    reader.blocks(
        key,
        workers,
        (values, first, rows) -> {
          Product.add(values, rows, x, plain, first);
          RoundedValues.rows(encoding, values, rows, x.channels());
          Product.add(values, rows, inputs, rounded, first);
        });
    RoundedValues.outputs(encoding, rounded);
    return choose(TokenErrors.of(key, encoding, plain, rounded), plain, rounded);
  }

  private static Activations filled(float[] bias, Activations like) {
    Activations y = Activations.zeros(bias.length, like.tokens(), like.streams());
    for (int i = 0; i < bias.length; i++) {
      Arrays.fill(y.values()[i], bias[i]);
    }
    return y;
  }

  /**
   * The exact stream with what is exact, the rounded one with what a backend will compute.
   *
   * @param error if the weight was used before, the worse of the two stands
   */
  Activations choose(LayerError error, Activations plain, Activations rounded) {
    LayerError worse = errors.merge(error.key(), error, LayerError::worse);
    if (!worse.isKept()) {
      for (int i = 0; i < plain.channels(); i++) {
        System.arraycopy(
            rounded.values()[i], plain.tokens(), plain.values()[i], plain.tokens(), plain.tokens());
      }
    }
    return plain;
  }

  /** Whether a weight was found to stay in 32-bit floats. */
  boolean keeps(String key) {
    return errors.containsKey(key) && errors.get(key).isKept();
  }

  /** Those of all encoded layers so far, in the order of the computation. */
  List<LayerError> errors() {
    return List.copyOf(errors.values());
  }
}
