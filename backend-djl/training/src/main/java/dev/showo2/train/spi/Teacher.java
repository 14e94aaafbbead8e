package dev.showo2.train.spi;

import dev.showo2.tensor.HostTensor;
import org.apiguardian.api.API;

/**
 * An image encoder from whose features the semantic layers learn (SPEC 10). The same image gives
 * the same bits on one machine and number of threads. Not thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface Teacher extends AutoCloseable {

  /**
   * Computes features.
   *
   * @param pixels of images of the size that the teacher takes, [N, 3, h, w] in −1 … 1
   * @return [N, L, E]: L tokens row by row from the top left
   * @throws dev.showo2.error.InvalidRequestException if the pixels have another shape
   * @throws dev.showo2.error.BackendException if the engine fails
   */
  HostTensor features(HostTensor pixels);

  /** Frees everything. A second call does nothing. */
  @Override
  void close();
}
