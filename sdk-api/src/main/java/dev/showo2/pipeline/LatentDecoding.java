package dev.showo2.pipeline;

import dev.showo2.error.BackendException;
import dev.showo2.error.DecodingException;
import dev.showo2.error.OutOfModelMemoryException;
import dev.showo2.tensor.HostTensor;
import java.util.function.Supplier;

/** Keeps latents that many steps went into when they cannot be decoded. */
final class LatentDecoding {

  private LatentDecoding() {}

  /**
   * @param decode turns the latents into pixels
   * @throws DecodingException with the latents, if the engine fails or has no memory
   */
  static <T> T keeping(HostTensor latents, Supplier<T> decode) {
    try {
      return decode.get();
    } catch (BackendException | OutOfModelMemoryException e) {
      throw new DecodingException(
          "the latents are done but could not be decoded: "
              + e.getMessage()
              + "; they are kept in this exception, to be decoded later",
          latents.shape().toArray(),
          latents.values(),
          e);
    }
  }
}
