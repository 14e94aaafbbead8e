package dev.showo2.conformance.internal.check;

import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.function.Function;

/** A video on its way through the VAE; takes host tensors and gives host tensors. */
final class CodingStream implements AutoCloseable {

  private final Backend backend;
  private final Function<Tensor, HostTensor> next;
  private final Runnable close;

  CodingStream(Backend backend, Function<Tensor, HostTensor> next, Runnable close) {
    this.backend = backend;
    this.next = next;
    this.close = close;
  }

  HostTensor next(HostTensor chunk) {
    try (Tensor input = backend.upload(chunk)) {
      return next.apply(input);
    }
  }

  @Override
  public void close() {
    close.run();
  }
}
