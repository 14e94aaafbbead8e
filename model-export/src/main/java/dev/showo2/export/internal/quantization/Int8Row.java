package dev.showo2.export.internal.quantization;

import org.apiguardian.api.API;

/**
 * A row of numbers as 8-bit integers of -127 … 127 and one scale: value ≈ integer · scale.
 * Symmetric, so that 0 stays 0; -128 is not used, so that negation is exact.
 *
 * <p>The rows of a weight [out, in] are its output channels. The rows of a layer's input are its
 * tokens; they are quantized in the same way while the layer is computed.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class Int8Row {

  /** The largest integer. */
  public static final int LARGEST = 127;

  private Int8Row() {}

  /**
   * The scale of a row: its largest magnitude becomes {@link #LARGEST}. Always positive, as
   * TensorRT wants it: 1 for a row of zeros.
   */
  public static float scale(float[] values, int start, int length) {
    float largest = 0;
    for (int i = start; i < start + length; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    float scale = largest / LARGEST;
    return scale == 0 ? 1 : scale;
  }

  /** The integer next to {@code value / scale}; a tie goes to the even one, as in ONNX. */
  public static byte quantize(float value, float scale) {
    if (scale == 0) {
      return 0;
    }
    // The smallest of all floats are so coarse that a scale may be much less than it should be.
    return (byte) Math.max(-LARGEST, Math.min(LARGEST, Nearest.integer(value / scale)));
  }
}
