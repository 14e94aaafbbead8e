package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.internal.reference.WeightEdit;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.function.UnaryOperator;

/** The reference on weights that were rounded as a precision rounds them. */
final class RoundedWeights {

  /** What int8 and int4 are for: the large layers of the transformers. */
  private static final String LAYERS =
      "(showo\\.model\\.layers|und_trans|diffusion_head_a).*(_proj|fc1|fc2)\\.weight";

  private static final int BLOCK = 32;

  private RoundedWeights() {}

  static Backend open(Bundle bundle, Precision precision) {
    Variation exact = Variation.none(bundle.architecture());
    return switch (precision) {
      case FP32 -> exact.open(bundle);
      case FP16 -> exact.with(WeightEdit.of(".*", each(RoundedWeights::half))).open(bundle);
      case BF16 -> exact.with(WeightEdit.of(".*", each(RoundedWeights::brain))).open(bundle);
      case INT8 ->
          exact.with(WeightEdit.of(LAYERS, w -> inBlocks(w, columns(w), 127))).open(bundle);
      case INT4 -> exact.with(WeightEdit.of(LAYERS, w -> inBlocks(w, BLOCK, 7))).open(bundle);
    };
  }

  private interface Rounding {
    float of(float value);
  }

  private static UnaryOperator<HostTensor> each(Rounding rounding) {
    return tensor -> {
      float[] values = tensor.values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = rounding.of(values[i]);
      }
      return new HostTensor(tensor.shape(), values);
    };
  }

  /** Eleven significant bits; nothing here is small enough for fewer. */
  private static float half(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x0fff + (bits >> 13 & 1)) & 0xffffe000);
  }

  /** Eight significant bits. */
  private static float brain(float value) {
    int bits = Float.floatToRawIntBits(value);
    return Float.intBitsToFloat((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
  }

  private static int columns(HostTensor weight) {
    return (int) weight.shape().dimension(-1);
  }

  /** Symmetric, with one scale for each block of a row. */
  private static HostTensor inBlocks(HostTensor weight, int block, int largest) {
    float[] values = weight.values().clone();
    int columns = columns(weight);
    for (int row = 0; row < values.length; row += columns) {
      for (int start = row; start < row + columns; start += block) {
        int end = Math.min(start + block, row + columns);
        float scale = 0;
        for (int i = start; i < end; i++) {
          scale = Math.max(scale, Math.abs(values[i]) / largest);
        }
        for (int i = start; scale > 0 && i < end; i++) {
          values[i] = Math.round(values[i] / scale) * scale;
        }
      }
    }
    return new HostTensor(weight.shape(), values);
  }
}
