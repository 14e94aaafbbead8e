package dev.showo2.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.testing.Messages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchRandomTest {

  private static final float SAME_BITS = 0;

  @ParameterizedTest
  @ValueSource(longs = {0, 42, 123456789, 2147483647})
  void oneCallEqualsTorch(long seed) {
    for (String length : new String[] {"n1", "n8", "n15", "n16", "n17", "n31", "n100", "latent"}) {
      float[] expected = golden(seed, length);
      float[] normals = new TorchRandom(seed).normals(expected.length);
      assertArrayEquals(expected, normals, SAME_BITS, length);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 42, 123456789, 2147483647})
  void aSecondCallGoesOnWhereTheFirstEnded(long seed) {
    TorchRandom random = new TorchRandom(seed);
    assertArrayEquals(golden(seed, "two_calls_a"), random.normals(48), SAME_BITS);
    assertArrayEquals(golden(seed, "two_calls_b"), random.normals(20), SAME_BITS);
  }

  @Test
  void theCachedNormalOutlivesLongCalls() {
    float[] eight = golden(0, "n8");
    TorchRandom random = new TorchRandom(0);
    assertEquals(eight[0], random.normals(1)[0]);
    TorchRandom other = new TorchRandom(0);
    other.normals(2);
    assertArrayEquals(other.normals(40), random.normals(40), "a long call does not use the cache");
    assertEquals(eight[1], random.normals(1)[0], "nor does it clear it");
  }

  @Test
  void shortCallsShareOneSequence() {
    float[] expected = golden(42, "n15");
    TorchRandom random = new TorchRandom(42);
    int at = 0;
    for (int count : new int[] {3, 0, 1, 4, 7}) {
      for (float value : random.normals(count)) {
        assertEquals(expected[at++], value);
      }
    }
    assertEquals(expected.length, at);
  }

  @Test
  void noNormalsDrawNothing() {
    TorchRandom random = new TorchRandom(0);
    assertEquals(0, random.normals(0).length);
    assertArrayEquals(golden(0, "n16"), random.normals(16), SAME_BITS);
  }

  @Test
  void onlyTheLow32BitsOfTheSeedCount() {
    float[] expected = new TorchRandom(7).normals(32);
    assertArrayEquals(expected, new TorchRandom(7 + (1L << 32)).normals(32));
    assertArrayEquals(expected, new TorchRandom(7 - (1L << 32)).normals(32));
  }

  /**
   * Torch 2.15 takes -2^63 to 2^64 - 1. From {@code torch.randn(3,
   * generator=torch.Generator().manual_seed(seed))}.
   */
  @ParameterizedTest
  @CsvSource({
    "18446744073709551615, 1.2197630405426025, -0.3929794728755951, 1.0230751037597656",
    "18446744073709551614, -0.7472416162490845, 1.4467321634292603, -1.354002594947815",
    "9223372036854775813, -0.4867807626724243, -0.6038215756416321, -0.5580962300300598"
  })
  void seedsAreTakenAsUnsigned(String seed, float a, float b, float c) {
    long bits = Long.parseUnsignedLong(seed);
    assertArrayEquals(new float[] {a, b, c}, new TorchRandom(bits).normals(3), SAME_BITS);
  }

  /** From {@code torch.manual_seed(3); torch.rand(3, dtype=torch.float64)}. */
  @Test
  void uniformEqualsTorch() {
    TorchRandom random = new TorchRandom(3);
    double[] drawn = {random.uniform(), random.uniform(), random.uniform()};
    assertArrayEquals(
        new double[] {0.03410819565052048, 0.28674022672130695, 0.7729149443285843}, drawn, 0);
  }

  @Test
  void normalsAreNormal() {
    float[] normals = new TorchRandom(5).normals(1_000_000);
    double sum = 0;
    double squares = 0;
    for (float value : normals) {
      assertTrue(Float.isFinite(value));
      sum += value;
      squares += value * value;
    }
    assertEquals(0, sum / normals.length, 0.004, "mean");
    assertEquals(1, squares / normals.length, 0.006, "variance");
  }

  @Test
  void aNegativeCountIsRefused() {
    Messages.assertFails(
        IllegalArgumentException.class, () -> new TorchRandom(0).normals(-1), "at least 0", "-1");
  }

  private static float[] golden(long seed, String name) {
    return Goldens.read("torch_randn", "seed" + seed + "_" + name).values();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 16, 700, 5000})
  void aRestoredStateGoesOnWhereItWasSaved(int drawn) {
    TorchRandom random = new TorchRandom(11);
    random.normals(drawn);
    byte[] state = random.state();
    TorchRandom restored = TorchRandom.restore(state);
    for (int count : new int[] {1, 1, 33, 3, 1300}) {
      assertArrayEquals(random.normals(count), restored.normals(count));
    }
    assertEquals(random.uniform(), restored.uniform());
  }

  @Test
  void whatIsNoStateIsRefused() {
    byte[] state = new TorchRandom(1).state();
    Messages.assertFails(
        IllegalArgumentException.class,
        () -> TorchRandom.restore(new byte[3]),
        "a state has",
        "found 3");
    state[624 * 4] = 1;
    Messages.assertFails(
        IllegalArgumentException.class,
        () -> TorchRandom.restore(state),
        "a position from 0 to 624");
  }
}
