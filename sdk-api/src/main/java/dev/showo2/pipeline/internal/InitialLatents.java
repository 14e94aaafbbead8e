package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.security.SecureRandom;
import java.util.Optional;
import org.apiguardian.api.API;

/** The initial latents of a flow: the noise of a seed, or given latents. Thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class InitialLatents {

  private InitialLatents() {}

  /** {@return a random seed of 32 bits, the range that {@code torch.manual_seed} uses on a CPU} */
  public static long anySeed() {
    return Integer.toUnsignedLong(new SecureRandom().nextInt());
  }

  /**
   * Draws or validates initial latents.
   *
   * @throws InvalidRequestException if the given latents have another shape
   */
  static HostTensor of(Optional<HostTensor> given, Shape shape, long seed) {
    if (given.isEmpty()) {
      return new HostTensor(
          shape, new TorchRandom(seed).normals(Math.toIntExact(shape.elementCount())));
    }
    if (!given.get().shape().equals(shape)) {
      throw new InvalidRequestException(
          "initial latents: " + shape + " is needed for this size, found " + given.get().shape());
    }
    return given.get();
  }
}
