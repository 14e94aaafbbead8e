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
 * as it is and as it was quantized. What the fp32 stream's two results differ by is the layer's
 * error; it decides which result the quantized stream goes on with.
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
    Activations inputs = FakeQuantization.inputs(encoding, x);
    Activations quantized = filled(bias, x);
    reader.blocks(
        key,
        workers,
        (values, first, rows) -> {
          Product.add(values, rows, x, plain, first);
          FakeQuantization.rows(encoding, values, rows, x.channels());
          Product.add(values, rows, inputs, quantized, first);
        });
    FakeQuantization.outputs(encoding, quantized);
    return choose(TokenErrors.of(key, encoding, plain, quantized), plain, quantized);
  }

  private static Activations filled(float[] bias, Activations like) {
    Activations y = Activations.zeros(bias.length, like.tokens(), like.streams());
    for (int i = 0; i < bias.length; i++) {
      Arrays.fill(y.values()[i], bias[i]);
    }
    return y;
  }

  /**
   * The fp32 stream with the fp32 result, the quantized one with what a backend will compute.
   *
   * @param error if the weight was used before, the worse of the two counts
   */
  Activations choose(LayerError error, Activations plain, Activations quantized) {
    LayerError worse = errors.merge(error.key(), error, LayerError::worse);
    if (!worse.isKept()) {
      for (int i = 0; i < plain.channels(); i++) {
        System.arraycopy(
            quantized.values()[i],
            plain.tokens(),
            plain.values()[i],
            plain.tokens(),
            plain.tokens());
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

  /** Rows of a weight times activations. */
  private static final class Product {

    /** Channels whose activations stay in the cache while all rows of a block use them. */
    private static final int TILE = 64;

    /**
     * Below this, vector instructions are not worth their while. It also keeps single tokens away
     * from the other loop: what the JVM compiles for short loops is slow for long ones.
     */
    private static final int FEW_COLUMNS = 16;

    private Product() {}

    /**
     * y += W · x for some rows of W.
     *
     * @param weights [rows, channels of x]
     * @param firstRow where the rows' results are in y
     */
    static void add(float[] weights, int rows, Activations x, Activations y, int firstRow) {
      if (x.columns() < FEW_COLUMNS) {
        addDots(weights, rows, x, y, firstRow);
        return;
      }
      int channels = x.channels();
      for (int from = 0; from < channels; from += TILE) {
        int to = Math.min(channels, from + TILE);
        for (int row = 0; row < rows; row++) {
          addRow(weights, row * channels, x.values(), from, to, y.values()[firstRow + row]);
        }
      }
    }

    private static void addDots(
        float[] weights, int rows, Activations x, Activations y, int firstRow) {
      float[] column = new float[x.channels()];
      for (int t = 0; t < x.columns(); t++) {
        for (int i = 0; i < column.length; i++) {
          column[i] = x.values()[i][t];
        }
        for (int row = 0; row < rows; row++) {
          y.values()[firstRow + row][t] += dot(weights, row * column.length, column);
        }
      }
    }

    private static float dot(float[] weights, int row, float[] column) {
      float even = 0;
      float odd = 0;
      int i = 0;
      for (; i + 2 <= column.length; i += 2) {
        even += weights[row + i] * column[i];
        odd += weights[row + i + 1] * column[i + 1];
      }
      return i < column.length ? even + odd + weights[row + i] * column[i] : even + odd;
    }

    private static void addRow(float[] weights, int row, float[][] x, int from, int to, float[] y) {
      int i = from;
      for (; i + 4 <= to; i += 4) {
        int at = row + i;
        addFour(
            y,
            x[i],
            x[i + 1],
            x[i + 2],
            x[i + 3],
            weights[at],
            weights[at + 1],
            weights[at + 2],
            weights[at + 3]);
      }
      for (; i < to; i++) {
        float weight = weights[row + i];
        for (int t = 0; t < y.length; t++) {
          y[t] += weight * x[i][t];
        }
      }
    }

    /**
     * Four at once, so that sums are loaded and stored a quarter as often; with eight, or with two
     * rows at once, the JVM no longer makes vector instructions of the loop.
     */
    private static void addFour(
        float[] y,
        float[] x0,
        float[] x1,
        float[] x2,
        float[] x3,
        float w0,
        float w1,
        float w2,
        float w3) {
      for (int t = 0; t < y.length; t++) {
        y[t] += w0 * x0[t] + w1 * x1[t] + w2 * x2[t] + w3 * x3[t];
      }
    }
  }
}
