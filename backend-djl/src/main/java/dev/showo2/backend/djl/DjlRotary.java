package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.showo2.model.Architecture.RopeScaling;
import java.util.stream.IntStream;

/**
 * Rotary position embedding by rotated halves (SPEC 4 and 6). Frequencies and angles are 32-bit
 * floats as in the released code.
 */
final class DjlRotary {

  private final float[] frequencies;

  private DjlRotary(float[] frequencies) {
    this.frequencies = frequencies;
  }

  /** Frequencies θ^(−2i/size). */
  static DjlRotary plain(double theta, int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = 1 / (float) Math.pow(theta, (float) (2 * i) / headSize);
    }
    return new DjlRotary(frequencies);
  }

  /** Low frequencies divided by the factor, high ones as they are, those between in between. */
  static DjlRotary llama3(double theta, int headSize, RopeScaling scaling) {
    float[] frequencies = plain(theta, headSize).frequencies;
    double low = scaling.lowFrequencyFactor();
    double high = scaling.highFrequencyFactor();
    for (int i = 0; i < frequencies.length; i++) {
      double waves = scaling.originalLength() * frequencies[i] / (2 * Math.PI);
      double share = Math.min(1, Math.max(0, (waves - low) / (high - low)));
      double divided = frequencies[i] / scaling.factor();
      frequencies[i] = (float) ((1 - share) * divided + share * frequencies[i]);
    }
    return new DjlRotary(frequencies);
  }

  /**
   * The rotation of consecutive positions of each sequence of a batch.
   *
   * @param scope to which the tables belong
   */
  Rotation at(int[] firstPositions, int length, NDManager scope) {
    boolean alike = IntStream.of(firstPositions).distinct().count() == 1;
    int batch = alike ? 1 : firstPositions.length;
    Rotation rotation =
        at(
            IntStream.range(0, batch * length)
                .map(i -> firstPositions[i / length] + i % length)
                .toArray(),
            scope);
    Shape shape = new Shape(batch, length, 1, -1);
    return new Rotation(rotation.cosines.reshape(shape), rotation.sines.reshape(shape));
  }

  /**
   * The rotation of some positions.
   *
   * @param scope to which the tables belong
   */
  Rotation at(int[] positions, NDManager scope) {
    int half = frequencies.length;
    float[] cosines = new float[positions.length * 2 * half];
    float[] sines = new float[positions.length * 2 * half];
    for (int row = 0; row < positions.length; row++) {
      for (int i = 0; i < half; i++) {
        float angle = positions[row] * frequencies[i];
        int at = row * 2 * half + i;
        cosines[at] = cosines[at + half] = (float) Math.cos(angle);
        sines[at + half] = (float) Math.sin(angle);
        sines[at] = -sines[at + half];
      }
    }
    Shape shape = new Shape(positions.length, 1, 2L * half);
    return new Rotation(
        NdScopes.copyOf(cosines, shape, scope), NdScopes.copyOf(sines, shape, scope));
  }

  /**
   * Cosines and sines of every position's angles, for heads [.., S, heads, size].
   *
   * @param cosines [.., S, 1, size], both halves alike
   * @param sines [.., S, 1, size], negative in the first half
   */
  record Rotation(NDArray cosines, NDArray sines) {}

  /**
   * Rotates heads in TorchScript, with the tables in {@code cosines} and {@code sines}.
   *
   * @param heads variable of [.., S, heads, size]
   * @return variable of the same shape
   */
  static String rotated(ScriptWriter script, String heads, int headSize) {
    return script.let(
        "torch.addcmul(torch.mul(%1$s, cosines), torch.roll(%1$s, %2$s, -1), sines)",
        heads, headSize / 2);
  }
}
