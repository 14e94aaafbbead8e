package dev.showo2.export.internal.graph;

import dev.showo2.model.Architecture.RopeScaling;
import org.apiguardian.api.API;

/** Angles per position of each rotated pair, in 32-bit floats as torch computes them. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RotaryFrequencies {

  private RotaryFrequencies() {}

  /** θ^(-2i/size) for each pair i. */
  public static float[] plain(double theta, int headSize) {
    float[] frequencies = new float[headSize / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = (float) (2 * i) / headSize;
      frequencies[i] = 1f / (float) Math.pow(theta, exponent);
    }
    return frequencies;
  }

  /**
   * The stretching of Llama 3.1: short wavelengths stay, long ones are stretched by the factor, and
   * between the two bounds one goes over into the other.
   */
  public static float[] scaled(double theta, int headSize, RopeScaling scaling) {
    float[] frequencies = plain(theta, headSize);
    double longest = scaling.originalLength() / scaling.lowFrequencyFactor();
    double shortest = scaling.originalLength() / scaling.highFrequencyFactor();
    for (int i = 0; i < frequencies.length; i++) {
      float frequency = frequencies[i];
      float wavelength = (float) (2 * Math.PI / frequency);
      float stretched = (float) (frequency / scaling.factor());
      if (wavelength > longest) {
        frequencies[i] = stretched;
      } else if (wavelength >= shortest) {
        float smooth =
            (float)
                ((scaling.originalLength() / wavelength - scaling.lowFrequencyFactor())
                    / (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor()));
        frequencies[i] = (1 - smooth) * stretched + smooth * frequency;
      }
    }
    return frequencies;
  }
}
