package dev.showo2.sampler.internal;

import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/**
 * From the flow head's rows, one for each image token, to the layout of latents (SPEC 6).
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class VelocityLayout {

  /** Latents along one side of the square that a token stands for. */
  private static final int PATCH = 2;

  private VelocityLayout() {}

  /**
   * Spreads each token's values over {@code PATCH²} latents.
   *
   * <p>A patch fills latents that follow each other in their row instead of a square, a quirk of
   * the released code that the weights were trained with.
   *
   * @param tokenVelocity [B, L, 4·C] with L = frames · latentHeight/2 · latentWidth/2 rows in frame
   *     order; C is 16 in released models
   * @param latentHeight even
   * @param latentWidth even
   * @return [B, C, T, h, w]
   * @throws IllegalArgumentException if the sizes are not positive and even as said, or do not
   *     agree with the tensor
   */
  public static HostTensor unpatchify(
      HostTensor tokenVelocity, int frames, int latentHeight, int latentWidth) {
    requireSizes(tokenVelocity.shape(), frames, latentHeight, latentWidth);
    int batch = Math.toIntExact(tokenVelocity.shape().dimension(0));
    int channels = Math.toIntExact(tokenVelocity.shape().dimension(2)) / (PATCH * PATCH);
    int frameSize = latentHeight * latentWidth;
    float[] rows = tokenVelocity.values();
    float[] latents = new float[rows.length];
    int read = 0;
    for (int b = 0; b < batch; b++) {
      for (int t = 0; t < frames; t++) {
        for (int n = 0; n < frameSize; n++) {
          for (int c = 0; c < channels; c++) {
            latents[((b * channels + c) * frames + t) * frameSize + n] = rows[read++];
          }
        }
      }
    }
    return new HostTensor(Shape.of(batch, channels, frames, latentHeight, latentWidth), latents);
  }

  private static void requireSizes(Shape shape, int frames, int height, int width) {
    boolean even = height % PATCH == 0 && width % PATCH == 0;
    if (frames < 1 || height < 1 || width < 1 || !even) {
      throw new IllegalArgumentException(
          "at least one frame of even height and width is needed, got %d frames of %d×%d latents"
              .formatted(frames, height, width));
    }
    long tokens = (long) frames * (height / PATCH) * (width / PATCH);
    if (shape.rank() != 3
        || shape.dimension(1) != tokens
        || shape.dimension(2) % (PATCH * PATCH) != 0) {
      throw new IllegalArgumentException(
          "%d frames of %d×%d latents need token velocities [B, %d, 4·C], got %s"
              .formatted(frames, height, width, tokens, shape));
    }
  }
}
