package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;

/** Memory of a GPU, of a stream or of a recording. */
final class CudaMemory implements DeviceMemory {

  private final CudaStream stream;
  private final boolean recorded;
  private final long address;
  private final long bytes;
  private boolean open = true;

  /**
   * Takes over memory.
   *
   * @param recorded whether a recording owns it, so that closing does not free it
   */
  CudaMemory(CudaStream stream, boolean recorded, long address, long bytes) {
    this.stream = stream;
    this.recorded = recorded;
    this.address = address;
    this.bytes = bytes;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  boolean recorded() {
    return recorded;
  }

  boolean isOn(CudaDevice device) {
    return stream.device().index() == device.index();
  }

  /** The address, for a call that uses that many bytes. */
  long address(long needed) {
    if (!open || !stream.isOpen()) {
      throw new IllegalStateException("device memory was used after it or its stream was closed");
    }
    if (needed > bytes) {
      throw new IllegalArgumentException(
          "device memory of " + needed + " bytes was expected, found " + bytes);
    }
    return address;
  }

  /** The address, for the owner that frees the memory. */
  long owned() {
    return address;
  }

  @Override
  public void close() {
    if (!open) {
      throw new IllegalStateException("device memory was closed twice");
    }
    stream.requireClosable(this);
    open = false;
    stream.release(this);
  }
}
