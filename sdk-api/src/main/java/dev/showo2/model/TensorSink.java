package dev.showo2.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apiguardian.api.API;

/** Consumer of the values of one tensor, chunk by chunk. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface TensorSink {

  /** The size limit of a chunk, which keeps memory independent of the size of the tensor. */
  int MAX_CHUNK_BYTES = 1 << 20;

  /**
   * Consumes the next values. All chunks in order are the tensor: little-endian, row-major, without
   * gaps.
   *
   * @param chunk 1 to {@link #MAX_CHUNK_BYTES} bytes between position and limit, whole elements, in
   *     little-endian byte order; valid only during the call, its contents may be overwritten later
   * @throws IOException if the values cannot be stored where they should go; ends the reading
   */
  void accept(ByteBuffer chunk) throws IOException;
}
