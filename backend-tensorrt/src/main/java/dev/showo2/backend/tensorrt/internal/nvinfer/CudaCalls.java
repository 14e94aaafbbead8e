package dev.showo2.backend.tensorrt.internal.nvinfer;

import java.nio.ByteBuffer;

/**
 * The calls of the CUDA runtime that this backend makes. Streams, graphs and device memory are
 * addresses. Unless said otherwise a call returns CUDA's error code, 0 for success, and writes what
 * it makes to the first element of an array.
 */
interface CudaCalls {

  /** The code of {@code cudaErrorMemoryAllocation}. */
  int OUT_OF_MEMORY = 2;

  int deviceCount(int[] count);

  /** Chooses the GPU of the calling thread. */
  int setDevice(int index);

  int driverVersion(int[] version);

  int runtimeVersion(int[] version);

  /** Writes the major and the minor number. */
  int computeCapability(int[] majorMinor, int index);

  int deviceName(String[] name, int index);

  /** Name and meaning of an error code. */
  String describe(int code);

  /** Forgets the calling thread's last error, so that no other library takes it for its own. */
  void clearError();

  /** Makes a stream that does not wait for the default stream. */
  int createStream(long[] stream);

  int destroyStream(long stream);

  int synchronize(long stream);

  int allocate(long[] address, long bytes);

  int free(long address);

  int allocateAsync(long[] address, long bytes, long stream);

  int freeAsync(long address, long stream);

  /** Copies the remaining bytes of a direct buffer, whose position stays. */
  int upload(long target, ByteBuffer source, long stream);

  /** Copies as many bytes as a direct buffer has remaining, whose position stays. */
  int download(ByteBuffer target, long source, long stream);

  int copy(long target, long source, long bytes, long stream);

  int copyRows(Region target, Region source, long width, long count, long stream);

  int clear(long target, long bytes, long stream);

  int clearRows(Region target, long width, long count, long stream);

  /** Begins a capture that lets this and other threads make any calls meanwhile. */
  int beginCapture(long stream);

  int endCapture(long stream, long[] graph);

  int instantiate(long[] executable, long graph);

  int launch(long executable, long stream);

  int destroyExecutable(long executable);

  int destroyGraph(long graph);

  /**
   * Rows in device memory.
   *
   * @param address of the first one
   * @param pitch bytes from the start of one to that of the next, less than 2 GiB
   */
  record Region(long address, long pitch) {}
}
