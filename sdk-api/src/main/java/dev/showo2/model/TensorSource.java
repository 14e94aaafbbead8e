package dev.showo2.model;

import java.io.IOException;
import org.apiguardian.api.API;

/** Producer of the values of one tensor, chunk by chunk; the counterpart of {@link TensorSink}. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface TensorSource {

  /**
   * Passes all values to the sink, in chunks as {@link TensorSink#accept} requires.
   *
   * @param sink called on the calling thread, at least once unless the tensor is empty
   * @throws IOException if the sink throws it
   */
  void writeTo(TensorSink sink) throws IOException;
}
