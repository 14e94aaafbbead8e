package dev.showo2.media.jpeg.internal;

/**
 * The inverse cosine transform of 8x8 coefficients by Loeffler, Ligtenberg and Moschytz (ICASSP
 * 1989), in integers with the precision that libjpeg has for it, so that every sample is the same.
 * Coefficients that no image has, of corrupt files, overflow 16 bits as in its vector code. Not
 * thread-safe.
 */
final class InverseDct {

  private static final int N = Component.BLOCK;

  /** Bits of fraction of the constants. */
  private static final int FRACTION = 13;

  /** Bits of fraction that are kept between columns and rows. */
  private static final int BETWEEN = 2;

  private static final int ROT_COS = fix(0.541196100);
  private static final int ROT_SUM = fix(1.847759065);
  private static final int ROT_DIFFERENCE = fix(0.765366865);
  private static final int ODD = fix(1.175875602);

  private final int[] columns = new int[N * N];
  private final int[] out = new int[N];

  private static int fix(double value) {
    return (int) Math.round(value * (1 << FRACTION));
  }

  private static final int F_0_298 = fix(0.298631336);
  private static final int F_0_390 = fix(0.390180644);
  private static final int F_0_899 = fix(0.899976223);
  private static final int F_1_501 = fix(1.501321110);
  private static final int F_1_961 = fix(1.961570560);
  private static final int F_2_053 = fix(2.053119869);
  private static final int F_2_562 = fix(2.562915447);
  private static final int F_3_072 = fix(3.072711026);

  /**
   * @param coefficients in the order of rows, from {@code from} on
   * @param quantization what each is multiplied by
   * @param samples receives 8 rows of 8 samples
   * @param to index of the first sample
   * @param stride from a row to the next one
   */
  void transform(
      short[] coefficients, int from, int[] quantization, byte[] samples, int to, int stride) {
    for (int x = 0; x < N; x++) {
      int at = from + x;
      int first = (short) (coefficients[at] * quantization[x]);
      if ((coefficients[at + 8]
              | coefficients[at + 16]
              | coefficients[at + 24]
              | coefficients[at + 32]
              | coefficients[at + 40]
              | coefficients[at + 48]
              | coefficients[at + 56])
          == 0) {
        int value = (short) (first << BETWEEN);
        for (int y = 0; y < N; y++) {
          columns[y * N + x] = value;
        }
        continue;
      }
      line(
          first,
          (short) (coefficients[at + 8] * quantization[x + 8]),
          (short) (coefficients[at + 16] * quantization[x + 16]),
          (short) (coefficients[at + 24] * quantization[x + 24]),
          (short) (coefficients[at + 32] * quantization[x + 32]),
          (short) (coefficients[at + 40] * quantization[x + 40]),
          (short) (coefficients[at + 48] * quantization[x + 48]),
          (short) (coefficients[at + 56] * quantization[x + 56]));
      int round = 1 << FRACTION - BETWEEN - 1;
      for (int y = 0; y < N; y++) {
        int value = out[y] + round >> FRACTION - BETWEEN;
        columns[y * N + x] = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
      }
    }
    int shift = FRACTION + BETWEEN + 3;
    int round = (1 << shift - 1) + (128 << shift);
    for (int y = 0; y < N; y++) {
      int at = y * N;
      line(
          columns[at],
          columns[at + 1],
          columns[at + 2],
          columns[at + 3],
          columns[at + 4],
          columns[at + 5],
          columns[at + 6],
          columns[at + 7]);
      int target = to + y * stride;
      for (int x = 0; x < N; x++) {
        int value = out[x] + round >> shift;
        samples[target + x] = (byte) (value < 0 ? 0 : Math.min(value, 255));
      }
    }
  }

  /** One line of eight, into {@link #out}, with the fraction of the constants. */
  private void line(int c0, int c1, int c2, int c3, int c4, int c5, int c6, int c7) {
    int rotated = (c2 + c6) * ROT_COS;
    int even3 = rotated + c2 * ROT_DIFFERENCE;
    int even2 = rotated - c6 * ROT_SUM;
    int sum = (short) (c0 + c4) << FRACTION;
    int difference = (short) (c0 - c4) << FRACTION;
    int a0 = sum + even3;
    int a3 = sum - even3;
    int a1 = difference + even2;
    int a2 = difference - even2;

    int z1 = -(c7 + c1) * F_0_899;
    int z2 = -(c5 + c3) * F_2_562;
    int sum73 = (short) (c7 + c3);
    int sum51 = (short) (c5 + c1);
    int common = (sum73 + sum51) * ODD;
    int z3 = common - sum73 * F_1_961;
    int z4 = common - sum51 * F_0_390;
    int b0 = c7 * F_0_298 + z1 + z3;
    int b1 = c5 * F_2_053 + z2 + z4;
    int b2 = c3 * F_3_072 + z2 + z3;
    int b3 = c1 * F_1_501 + z1 + z4;

    out[0] = a0 + b3;
    out[7] = a0 - b3;
    out[1] = a1 + b2;
    out[6] = a1 - b2;
    out[2] = a2 + b1;
    out[5] = a2 - b1;
    out[3] = a3 + b0;
    out[4] = a3 - b0;
  }
}
