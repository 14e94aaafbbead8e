package dev.showo2.export.internal.quantization;

import org.apiguardian.api.API;

/**
 * A block of 32 numbers of a row as 4-bit integers of -8 … 7 and one scale: value ≈ integer ·
 * scale. The scale is the one of a few candidates that leaves the smallest sum of squared errors.
 * It is always positive, as TensorRT wants it.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Int4Block {

  /** Numbers that share a scale. */
  public static final int LENGTH = 32;

  private static final int LEAST = -8;
  private static final int LARGEST = 7;

  /** What the largest magnitude becomes. Where it is clipped, all others are finer in turn. */
  private static final float[] CANDIDATES = {7, 7.5f, 8, 8.5f, 9, 9.5f};

  private Int4Block() {}

  /** The scale of a block that starts at {@code start}. 1 for a block of zeros. */
  public static float scale(float[] values, int start) {
    float largest = 0;
    for (int i = start; i < start + LENGTH; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float best = largest / LARGEST;
    if (best == 0) {
      return 1;
    }
    double least = Double.POSITIVE_INFINITY;
    for (float candidate : CANDIDATES) {
      float scale = largest / candidate;
      double error = squaredError(values, start, scale);
      if (error < least) {
        least = error;
        best = scale;
      }
    }
    return best;
  }

  /**
   * Written for speed: all weights come by here, once for each candidate. Summed in units of the
   * scale, because the square of a large float is no float.
   */
  private static double squaredError(float[] values, int start, float scale) {
    float inverse = 1 / scale;
    float sum = 0;
    for (int i = start; i < start + LENGTH; i++) {
      float scaled = values[i] * inverse;
      int rounded = Math.max(LEAST, Math.min(LARGEST, Nearest.integer(scaled)));
      float difference = scaled - rounded;
      sum += difference * difference;
    }
    return (double) sum * scale * scale;
  }

  /** The integer next to {@code value / scale} that there is. */
  public static int quantize(float value, float scale) {
    return scale == 0 ? 0 : Math.max(LEAST, Math.min(LARGEST, Nearest.integer(value / scale)));
  }

  /** Two neighbors in one byte, the first in the lower half, as ONNX packs them. */
  public static byte pack(int first, int second) {
    return (byte) (first & 0xf | second << 4);
  }
}
