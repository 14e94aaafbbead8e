package dev.showo2.train.data;

import dev.showo2.sampler.TorchRandom;
import org.apiguardian.api.API;

/**
 * The linear path from noise to data, and the times at which it is trained (SPEC 10). Computed in
 * 32-bit floats in torch's order. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class LinearPath {

  private static final double FEW_TOKENS = 256;
  private static final double MANY_TOKENS = 4096;
  private static final double LEAST_SHIFT = 0.5;
  private static final double LARGEST_SHIFT = 1.15;

  private final float shift;

  /**
   * An image on its path.
   *
   * @param time t, from 0 (noise) to 1 (data)
   * @param latents t · data + (1 − t) · noise
   * @param target data − noise
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on to a batch, which copies none either
  public record Point(float time, float[] latents, float[] target) {}

  /**
   * The path whose times are shifted for images of a size.
   *
   * @param tokens L + 1 of one image, for videos too; 1 or more
   */
  public LinearPath(int tokens) {
    if (tokens < 1) {
      throw new IllegalArgumentException("an image has 1 token or more, found " + tokens);
    }
    double slope = (LARGEST_SHIFT - LEAST_SHIFT) / (MANY_TOKENS - FEW_TOKENS);
    double mu = slope * tokens + (LEAST_SHIFT - slope * FEW_TOKENS);
    shift = (float) Math.exp(mu);
  }

  /**
   * Draws noise and then a time, as the official transport does for each image.
   *
   * @param data latents of one image or video
   * @param clean true for t = 1, with the same draws
   * @param random the stream of torch
   * @return the latents at that time; equal to the data if clean
   */
  public Point draw(float[] data, boolean clean, TorchRandom random) {
    float[] noise = random.normals(data.length);
    float drawn = random.normals(1)[0];
    return at(data, noise, clean ? 1 : time(drawn));
  }

  /**
   * Computes the latents at a time.
   *
   * @param data latents of one image or video
   * @param noise of the same length
   * @param time t, from 0 to 1
   * @return the point
   */
  public static Point at(float[] data, float[] noise, float time) {
    float[] latents = new float[data.length];
    float[] target = new float[data.length];
    float rest = 1 - time;
    for (int i = 0; i < data.length; i++) {
      // At t = 1 the product with infinite noise would be NaN; the latents are the data.
      latents[i] = rest == 0 ? data[i] : time * data[i] + rest * noise[i];
      target[i] = data[i] - noise[i];
    }
    return new Point(time, latents, target);
  }

  /**
   * Computes the time of a normal number: its sigmoid, shifted.
   *
   * @param normal u
   * @return t, from 0 to 1
   */
  public float time(float normal) {
    return shifted(1 / (1 + (float) StrictMath.exp(-normal)));
  }

  /**
   * Shifts a time towards the noise, the more the larger images are.
   *
   * @param time t, from 0 to 1
   * @return shifted t, from 0 to 1
   */
  public float shifted(float time) {
    float fromData = 1 - time;
    // torch divides a number by a tensor by multiplying with the reciprocal.
    float odds = 1 / fromData - 1;
    return 1 - 1 / (shift + odds) * shift;
  }
}
