package dev.showo2.pipeline.internal;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.DecodingException;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Objects;
import java.util.function.Supplier;
import org.apiguardian.api.API;

/**
 * Preserves latents that took many solver steps when decoding them fails. Stateless and
 * thread-safe.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class DecodeFailures {

  private DecodeFailures() {}

  /**
   * Validates the shape of latents that are to be decoded.
   *
   * @param latents to check
   * @param channels C of the model
   * @param frames the required T, or -1 for at least one
   * @throws InvalidRequestException unless the latents are [1, C, T, h, w]
   */
  public static void requireShape(HostTensor latents, int channels, int frames) {
    Objects.requireNonNull(latents, "latents");
    Shape shape = latents.shape();
    if (shape.rank() != 5
        || shape.dimension(0) != 1
        || shape.dimension(1) != channels
        || (frames >= 0 && shape.dimension(2) != frames)
        || shape.elementCount() == 0) {
      throw new InvalidRequestException(
          "latents: [1, "
              + channels
              + (frames < 0 ? ", T" : ", " + frames)
              + ", h, w] is needed, found "
              + shape
              + "; take them from a result or a DecodingException of this pipeline's kind");
    }
  }

  /**
   * Decodes latents.
   *
   * @param <T> the type of the result
   * @param latents that the exception carries
   * @param decode decodes the latents
   * @return the result of {@code decode}
   * @throws DecodingException with the latents, if the engine fails or has no memory
   */
  public static <T> T keeping(HostTensor latents, Supplier<T> decode) {
    try {
      return decode.get();
    } catch (BackendException | InsufficientMemoryException e) {
      throw new DecodingException(
          "the latents are done but could not be decoded: "
              + e.getMessage()
              + "; they are kept in this exception, to be decoded later",
          latents,
          e);
    }
  }
}
