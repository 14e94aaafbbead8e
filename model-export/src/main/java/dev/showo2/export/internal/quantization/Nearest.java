package dev.showo2.export.internal.quantization;

/**
 * Floats to the next integer; a tie goes to the even one. Much faster than {@link Math#rint}, which
 * works in 64 bits: all weights of a model come by here.
 */
final class Nearest {

  /** Floats of this size have no fraction, so that adding it rounds. */
  private static final float SHIFT = 0x1.8p23f;

  private static final int SHIFT_BITS = Float.floatToRawIntBits(SHIFT);

  private Nearest() {}

  /**
   * @param value of a magnitude below 2<sup>22</sup>
   */
  static int integer(float value) {
    // The last bits of such floats count ones.
    return Float.floatToRawIntBits(value + SHIFT) - SHIFT_BITS;
  }
}
