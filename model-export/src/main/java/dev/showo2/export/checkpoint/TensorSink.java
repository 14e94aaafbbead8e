package dev.showo2.export.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apiguardian.api.API;

/** Takes the values of one tensor, piece by piece. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
@FunctionalInterface
public interface TensorSink {

  /** No chunk is longer, so that memory stays the same however large the tensor is. */
  int MAX_CHUNK_BYTES = 1 << 20;

  /**
   * Takes the next values. All chunks in order are the tensor: little-endian, row-major, without
   * gaps.
   *
   * @param chunk 1 to {@link #MAX_CHUNK_BYTES} bytes between position and limit, whole elements, in
   *     little-endian byte order; valid only during the call, its contents may be overwritten later
   * @throws IOException if the values cannot be stored where they should go; ends the reading
   */
  void accept(ByteBuffer chunk) throws IOException;
}
