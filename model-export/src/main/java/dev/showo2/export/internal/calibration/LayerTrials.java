package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.BlockRotation;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.export.internal.quantization.WeightTransform;
import java.util.Arrays;
import java.util.Locale;

/**
 * Linear layers y = W · x + b computed as they are and quantized, in one pass over each weight:
 * each stream's input with the weight as it is and as it was quantized. What the fp32 stream's two
 * results differ by is the layer's error.
 */
record LayerTrials(WeightReader reader, Encodings encodings, RowWorkers workers) {

  /**
   * A layer to be computed.
   *
   * @param key of its weight, and of its bias if it has one, without their endings
   */
  record Call(String key, boolean hasBias) {

    static Call withBias(String key) {
      return new Call(key, true);
    }

    static Call withoutBias(String key) {
      return new Call(key, false);
    }

    String weight() {
      return key + ".weight";
    }
  }

  /**
   * A computed layer.
   *
   * @param bias of the outputs
   * @param plain each stream with the weight as it is
   * @param quantized each stream with the weight and inputs as they were quantized; the same as
   *     plain where the weight is not
   * @param transform of the weight
   * @param largest magnitude of each column of the weight as it is, where it is in 8-bit integers
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on within the package, never compared
  record Trial(
      Call call,
      float[] bias,
      Activations plain,
      Activations quantized,
      LayerError error,
      WeightTransform transform,
      float[] largest) {

    Trial with(Activations result, LayerError itsError, WeightTransform itsTransform) {
      return new Trial(call, bias, plain, result, itsError, itsTransform, largest);
    }

    boolean isEncoded() {
      return error.encoding() != WeightEncoding.FLOAT32;
    }
  }

  /** Computes a layer without changes. */
  Trial first(Call call, Activations x) {
    String key = call.weight();
    if (reader.columns(key) != x.channels()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "'%s' has %d inputs, got %d", key, reader.columns(key), x.channels()));
    }
    float[] bias =
        call.hasBias ? reader.all(call.key + ".bias") : new float[reader.rows(call.weight())];
    Activations plain = filled(bias, x);
    WeightEncoding encoding = encodings.of(key);
    if (encoding == WeightEncoding.FLOAT32) {
      reader.blocks(
          key, workers, (values, first, rows) -> Product.add(values, rows, x, plain, first));
      LayerError none = TokenErrors.of(key, encoding, plain, plain);
      return new Trial(call, bias, plain, plain, none, WeightTransform.NONE, new float[0]);
    }
    Activations inputs = FakeQuantization.inputs(encoding, x);
    Activations quantized = filled(bias, x);
    float[] largest = new float[encoding == WeightEncoding.INT8 ? x.channels() : 0];
    reader.blocks(
        key,
        workers,
        (values, first, rows) -> {
          Product.add(values, rows, x, plain, first);
          addLargest(values, rows, largest);
          FakeQuantization.rows(encoding, values, rows, x.channels());
          Product.add(values, rows, inputs, quantized, first);
        });
    FakeQuantization.outputs(encoding, quantized);
    LayerError error = TokenErrors.of(key, encoding, plain, quantized);
    return new Trial(call, bias, plain, quantized, error, WeightTransform.NONE, largest);
  }

  /** Several threads come by here, in any order: the largest is the largest in all of them. */
  private static void addLargest(float[] values, int rows, float[] largest) {
    float[] own = new float[largest.length];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < own.length; i++) {
        own[i] = Math.max(own[i], Math.abs(values[row * own.length + i]));
      }
    }
    synchronized (largest) {
      for (int i = 0; i < own.length; i++) {
        largest[i] = Math.max(largest[i], own[i]);
      }
    }
  }

  /**
   * Quantizes a layer once more, with its weight transformed and its inputs as that asks for. Reads
   * the weight again.
   */
  Trial again(Trial before, Activations x, WeightTransform transform) {
    if (!before.isEncoded()) {
      return before.with(before.quantized, before.error, transform);
    }
    String key = before.call.weight();
    WeightEncoding encoding = encodings.of(key);
    Activations inputs = FakeQuantization.inputs(encoding, transformed(transform, x));
    Activations quantized = filled(before.bias, x);
    reader.blocksAgain(
        key,
        workers,
        (values, first, rows) -> {
          transform.apply(values, first, rows, x.channels());
          FakeQuantization.rows(encoding, values, rows, x.channels());
          Product.add(values, rows, inputs, quantized, first);
        });
    LayerError error =
        transform.columns().length > 0
            ? TokenErrors.ofUnseen(key, encoding, before.plain, quantized)
            : TokenErrors.of(key, encoding, before.plain, quantized);
    return before.with(quantized, error, transform);
  }

  /** The inputs that a transformed weight takes. */
  private static Activations transformed(WeightTransform transform, Activations x) {
    Activations result = Activations.zeros(x.channels(), x.tokens(), x.streams());
    for (int i = 0; i < x.channels(); i++) {
      float factor = transform.columns().length == 0 ? 1 : 1 / transform.columns()[i];
      for (int t = 0; t < x.columns(); t++) {
        result.values()[i][t] = x.values()[i][t] * factor;
      }
    }
    transform.rotation().ifPresent(blocks -> rotate(blocks, result));
    return result;
  }

  private static void rotate(BlockRotation blocks, Activations x) {
    float[] token = new float[x.channels()];
    for (int t = 0; t < x.columns(); t++) {
      for (int i = 0; i < token.length; i++) {
        token[i] = x.values()[i][t];
      }
      blocks.apply(token, 0, token.length);
      for (int i = 0; i < token.length; i++) {
        x.values()[i][t] = token[i];
      }
    }
  }

  private static Activations filled(float[] bias, Activations like) {
    Activations y = Activations.zeros(bias.length, like.tokens(), like.streams());
    for (int i = 0; i < bias.length; i++) {
      Arrays.fill(y.values()[i], bias[i]);
    }
    return y;
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
