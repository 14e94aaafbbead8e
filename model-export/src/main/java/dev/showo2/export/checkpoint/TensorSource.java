package dev.showo2.export.checkpoint;

import java.io.IOException;
import org.apiguardian.api.API;

/** Gives the values of one tensor, piece by piece; the counterpart of {@link TensorSink}. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface TensorSource {

  /**
   * Hands all values to the sink, as {@link TensorSink#accept} wants them.
   *
   * @throws IOException if the sink throws it
   */
  void writeTo(TensorSink sink) throws IOException;
}
