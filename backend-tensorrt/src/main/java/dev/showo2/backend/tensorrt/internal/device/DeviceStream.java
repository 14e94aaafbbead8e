package dev.showo2.backend.tensorrt.internal.device;

import java.nio.ByteBuffer;
import org.apiguardian.api.API;

/**
 * Calls that a GPU works off one after the other, while the thread that enqueues them goes on. One
 * thread at a time uses it.
 *
 * <p>Errors of a call may show at any later one, {@link #synchronize} at the latest, as {@link
 * dev.showo2.error.BackendException} or {@link dev.showo2.error.InsufficientMemoryException}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface DeviceStream extends AutoCloseable {

  /**
   * Allocates memory with arbitrary content.
   *
   * @param bytes at least 1
   * @throws dev.showo2.error.InsufficientMemoryException if the GPU has no room
   */
  DeviceMemory allocate(long bytes);

  /** Fills rows with zero bytes. */
  void clear(Rows rows, long width, long count);

  /**
   * Copies the remaining bytes of a buffer to the start of the memory.
   *
   * @param source direct; to be left as it is until {@link #synchronize}
   */
  void upload(ByteBuffer source, DeviceMemory target);

  /**
   * Copies as many bytes as the buffer has remaining from the memory.
   *
   * @param target direct; has the bytes after {@link #synchronize}
   */
  void download(DeviceMemory source, ByteBuffer target);

  /**
   * Copies rows from one place to another, of other memory or another place of the same.
   *
   * @param width bytes of each row
   */
  void copy(Rows source, Rows target, long width, long count);

  /**
   * Rows of equal distance.
   *
   * @param offset of the first row, in bytes
   * @param pitch bytes from the start of one row to that of the next
   */
  record Rows(DeviceMemory memory, long offset, long pitch) {}

  /** Runs an engine. */
  void enqueue(Engine engine, EngineCall call);

  /**
   * Records calls instead of making them. Memory that they allocate belongs to the recording and
   * stays until it is closed, whether they close it or not.
   *
   * @param calls without {@link #synchronize}, of engines that have run in these shapes before;
   *     sources of uploads and targets of downloads are read and written at each launch
   */
  Recording record(Runnable calls);

  /** Calls that are launched as one. */
  interface Recording extends AutoCloseable {

    /** Enqueues all calls once more. */
    void launch();

    @Override
    void close();
  }

  /** Waits until all calls are done. */
  void synchronize();

  /** Waits for all calls, whatever becomes of them, and frees the stream. */
  @Override
  void close();
}
