package dev.showo2.conformance.internal.reference;

import dev.showo2.model.Architecture.RopeScaling;

/**
 * Rotary position embedding by rotated halves: number i of a head's vector pairs with number i +
 * size/2, and each pair turns by the position times a frequency of its own (SPEC 4 and 6).
 *
 * <p>Frequencies and angles are 32-bit floats as in the released code: at position 1000 a rounded
 * frequency has moved the angle by more than stages may differ.
 */
final class Rotary {

  private final float[] frequencies;

  private Rotary(float[] frequencies) {
    this.frequencies = frequencies;
  }

  /** Frequencies θ^(−2i/size). */
  static Rotary plain(double theta, int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float power = (float) Math.pow(theta, (float) (2 * i) / headSize);
      frequencies[i] = 1 / power;
    }
    return new Rotary(frequencies);
  }

  /**
   * The scaling that Llama 3 introduced: waves longer than originalLength / low are stretched by
   * the factor, those shorter than originalLength / high are left as they are, and between the two
   * one goes over into the other.
   */
  static Rotary llama3(double theta, int headSize, RopeScaling scaling) {
    float[] frequencies = plain(theta, headSize).frequencies;
    for (int i = 0; i < frequencies.length; i++) {
      double waves = scaling.originalLength() * frequencies[i] / (2 * Math.PI);
      double low = scaling.lowFrequencyFactor();
      double high = scaling.highFrequencyFactor();
      double kept = Math.min(1, Math.max(0, (waves - low) / (high - low)));
      double stretched = frequencies[i] / scaling.factor();
      frequencies[i] = (float) ((1 - kept) * stretched + kept * frequencies[i]);
    }
    return new Rotary(frequencies);
  }

  /**
   * @param heads [S, heads · size], the rows at positions one after the other
   * @param position of the first row
   */
  Matrix rotate(Matrix heads, int position) {
    Matrix rotated = Matrix.zeros(heads.rows(), heads.columns());
    int half = frequencies.length;
    for (int row = 0; row < heads.rows(); row++) {
      for (int i = 0; i < half; i++) {
        float angle = (position + row) * frequencies[i];
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        for (int head = heads.start(row); head < heads.start(row + 1); head += 2 * half) {
          double first = heads.values()[head + i];
          double second = heads.values()[head + half + i];
          rotated.values()[head + i] = first * cosine - second * sine;
          rotated.values()[head + half + i] = second * cosine + first * sine;
        }
      }
    }
    return rotated;
  }
}
