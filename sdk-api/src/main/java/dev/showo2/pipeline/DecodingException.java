package dev.showo2.pipeline;

import dev.showo2.error.ShowO2Exception;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/**
 * A decoder failed on latents that are complete; the cause says why. The exception keeps the
 * latents, so that the solver steps need not be repeated: {@link TextToImage#decode} and, for
 * videos, {@link TextToVideo#decode} turn them into pixels once there is memory, or a backend that
 * can.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class DecodingException extends ShowO2Exception {

  private static final long serialVersionUID = 1L;

  // Arrays, since a tensor is not serializable.
  private final long[] shape;
  private final float[] values;

  /**
   * Keeps latents.
   *
   * @param message what failed and what to do
   * @param latents [B, C, T, h, w]; not copied
   * @param cause the failure of the decoder
   */
  public DecodingException(String message, HostTensor latents, Throwable cause) {
    super(message, cause);
    shape = latents.shape().toArray();
    values = latents.values();
  }

  /** {@return the latents [B, C, T, h, w]; not copied, not to be written to} */
  public HostTensor latents() {
    return new HostTensor(Shape.of(shape), values);
  }
}
