package dev.showo2.export.internal.calibration;

import dev.showo2.export.internal.quantization.HalfRounding;
import dev.showo2.export.internal.quantization.Int4Block;
import dev.showo2.export.internal.quantization.Int8Row;
import dev.showo2.export.internal.quantization.WeightEncoding;
import dev.showo2.model.internal.FloatDecoding;

/** Values after quantization and dequantization. */
final class FakeQuantization {

  private FakeQuantization() {}

  /** Encodes and decodes rows of a weight in place. */
  static void rows(WeightEncoding encoding, float[] values, int rows, int columns) {
    for (int start = 0; start < rows * columns; start += columns) {
      switch (encoding) {
        case FLOAT32 -> {}
        case FLOAT16 -> {
          for (int i = start; i < start + columns; i++) {
            values[i] = float16(values[i]);
          }
        }
        case BFLOAT16 -> {
          for (int i = start; i < start + columns; i++) {
            values[i] = bfloat16(values[i]);
          }
        }
        case INT8 -> {
          float scale = Int8Row.scale(values, start, columns);
          for (int i = start; i < start + columns; i++) {
            values[i] = Int8Row.quantize(values[i], scale) * scale;
          }
        }
        case INT4 -> {
          for (int block = start; block < start + columns; block += Int4Block.LENGTH) {
            float scale = Int4Block.scale(values, block);
            for (int i = block; i < block + Int4Block.LENGTH; i++) {
              values[i] = Int4Block.quantize(values[i], scale) * scale;
            }
          }
        }
      }
    }
  }

  /**
   * The inputs as a layer with such a weight may see them: a scale per token for 8-bit integers,
   * and the weight's own type for half precision, which the portable graphs compute in.
   */
  static Activations inputs(WeightEncoding encoding, Activations x) {
    return switch (encoding) {
      case INT8 -> eightBits(x);
      case FLOAT16, BFLOAT16 -> sixteenBits(encoding, x);
      default -> x;
    };
  }

  /** The results of such a layer, in place. */
  static void outputs(WeightEncoding encoding, Activations y) {
    if (encoding == WeightEncoding.FLOAT16 || encoding == WeightEncoding.BFLOAT16) {
      for (float[] channel : y.values()) {
        rows(encoding, channel, 1, y.columns());
      }
    }
  }

  private static Activations sixteenBits(WeightEncoding encoding, Activations x) {
    Activations quantized = Activations.zeros(x.channels(), x.tokens(), x.streams());
    for (int i = 0; i < x.channels(); i++) {
      System.arraycopy(x.values()[i], 0, quantized.values()[i], 0, x.columns());
    }
    outputs(encoding, quantized);
    return quantized;
  }

  private static Activations eightBits(Activations x) {
    float[] scales = new float[x.columns()];
    for (float[] channel : x.values()) {
      for (int t = 0; t < scales.length; t++) {
        scales[t] = Math.max(scales[t], Math.abs(channel[t]));
      }
    }
    for (int t = 0; t < scales.length; t++) {
      scales[t] /= Int8Row.LARGEST;
    }
    Activations quantized = Activations.zeros(x.channels(), x.tokens(), x.streams());
    for (int i = 0; i < x.channels(); i++) {
      float[] in = x.values()[i];
      float[] out = quantized.values()[i];
      for (int t = 0; t < scales.length; t++) {
        out[t] = Int8Row.quantize(in[t], scales[t]) * scales[t];
      }
    }
    return quantized;
  }

  /** As half precision has it; infinite beyond its largest number. */
  static float float16(float value) {
    return FloatDecoding.fromFloat16(HalfRounding.toFloat16(value));
  }

  /** As bfloat16 has it. */
  static float bfloat16(float value) {
    return Float.intBitsToFloat(HalfRounding.toBfloat16(value) << 16);
  }
}
