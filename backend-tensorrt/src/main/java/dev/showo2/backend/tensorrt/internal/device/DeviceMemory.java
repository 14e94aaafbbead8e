package dev.showo2.backend.tensorrt.internal.device;

import org.apiguardian.api.API;

/**
 * Memory of a GPU. It belongs to the stream that allocated it, in whose order it comes and goes:
 * calls enqueued before it is closed may still use it.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface DeviceMemory extends AutoCloseable {

  /** At least 1. */
  long bytes();

  /** Frees the memory once all calls enqueued so far are done; a second call is an error. */
  @Override
  void close();
}
