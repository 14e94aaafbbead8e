package dev.showo2.pipeline.internal;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.security.SecureRandom;
import java.util.Optional;
import org.apiguardian.api.API;

/** Where a flow starts: the noise of a seed, or latents of the caller's own. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class InitialLatents {

  private InitialLatents() {}

  /** As wide as what {@code torch.manual_seed} distinguishes on a CPU. */
  public static long anySeed() {
    return Integer.toUnsignedLong(new SecureRandom().nextInt());
  }

  /**
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
