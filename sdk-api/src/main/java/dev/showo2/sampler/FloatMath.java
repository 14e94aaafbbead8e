package dev.showo2.sampler;

/**
 * Natural logarithm, sine and cosine in 32-bit floats after the polynomials of the Cephes library.
 *
 * <p>torch fills noise with these polynomials, fused where its compiler fuses them. Rounding the
 * exact functions instead changes the last bits of one normal in six. {@link Math#fma} is specified
 * to the bit, so that every machine computes the same.
 */
final class FloatMath {

  private static final float SQRT_HALF = 0.70710678f;
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  private static final float[] LOG = {
    7.0376836292e-2f,
    -1.1514610310e-1f,
    1.1676998740e-1f,
    -1.2420140846e-1f,
    1.4249322787e-1f,
    -1.6668057665e-1f,
    2.0000714765e-1f,
    -2.4999993993e-1f,
    3.3333331174e-1f
  };

  private static final float FOUR_OVER_PI = 1.27323954473516f;
  private static final float QUARTER_PI_HIGH = 0.78515625f;
  private static final float QUARTER_PI_MIDDLE = 2.4187564849853515625e-4f;
  private static final float QUARTER_PI_LOW = 3.77489497744594108e-8f;
  private static final float[] SIN = {-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f};
  private static final float[] COS = {
    2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f
  };

  private FloatMath() {}

  /** The natural logarithm of a normal x > 0. */
  static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    float exponent = (bits >>> 23) - 126;
    // The mantissa, in [0.5, 1).
    float m = Float.intBitsToFloat((bits & 0x007fffff) | 0x3f000000);
    if (m < SQRT_HALF) {
      exponent -= 1;
      m = (m - 1) + m;
    } else {
      m -= 1;
    }
    float square = m * m;
    float y = polynomial(LOG, m) * m;
    y = Math.fma(y, square, exponent * LN2_LOW);
    y = Math.fma(-0.5f, square, y);
    return Math.fma(exponent, LN2_HIGH, m + y);
  }

  /** The sine of 0 <= x < 8192. */
  static float sin(float x) {
    int octant = evenOctant(x);
    float rest = reduce(x, octant);
    float value = (octant & 2) == 0 ? sinPolynomial(rest) : cosPolynomial(rest);
    return (octant & 4) == 0 ? value : -value;
  }

  /** The cosine of 0 <= x < 8192. */
  static float cos(float x) {
    int octant = evenOctant(x);
    float rest = reduce(x, octant);
    float value = (octant & 2) == 0 ? cosPolynomial(rest) : sinPolynomial(rest);
    return ((octant + 2) & 4) == 0 ? value : -value;
  }

  /** The octant of x, rounded up to an even number, so that the rest is within ±π/4. */
  private static int evenOctant(float x) {
    return ((int) (x * FOUR_OVER_PI) + 1) & ~1;
  }

  /** x - octant·π/4, with π/4 in three parts that keep the product exact. */
  private static float reduce(float x, int octant) {
    float rest = Math.fma(-QUARTER_PI_HIGH, octant, x);
    rest = Math.fma(-QUARTER_PI_MIDDLE, octant, rest);
    return Math.fma(-QUARTER_PI_LOW, octant, rest);
  }

  private static float sinPolynomial(float x) {
    float square = x * x;
    return Math.fma(polynomial(SIN, square) * square, x, x);
  }

  private static float cosPolynomial(float x) {
    float square = x * x;
    float y = polynomial(COS, square) * square;
    return Math.fma(y, square, -0.5f * square) + 1;
  }

  private static float polynomial(float[] coefficients, float x) {
    float y = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      y = Math.fma(y, x, coefficients[i]);
    }
    return y;
  }
}
