package dev.showo2.error;

import java.util.Arrays;
import org.apiguardian.api.API;

/**
 * Latents are there but could not be turned into pixels; the cause says why. They are kept here, so
 * that the denoising steps before need not be done again: {@code TextToImage.decode} and, for those
 * of videos, {@code TextToVideo.decode} turn them into pixels once there is memory, or a backend
 * that can.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DecodingException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  private final long[] shape;
  private final float[] latents;

  /**
   * @param shape of the latents, [B, C, T, h, w]; copied
   * @param latents row-major; copied
   */
  public DecodingException(String message, long[] shape, float[] latents, Throwable cause) {
    super(message, cause);
    this.shape = shape.clone();
    this.latents = latents.clone();
  }

  /** [B, C, T, h, w]. */
  public long[] shape() {
    return Arrays.copyOf(shape, shape.length);
  }

  /** Row-major, as a copy. */
  public float[] latents() {
    return Arrays.copyOf(latents, latents.length);
  }
}
