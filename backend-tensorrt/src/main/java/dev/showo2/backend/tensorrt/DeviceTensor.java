package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.spi.support.AbstractTensor;
import dev.showo2.spi.support.BackendLifetime;
import java.nio.FloatBuffer;

/** 32-bit floats in the memory of a GPU. Its values may still be on their way. */
final class DeviceTensor extends AbstractTensor {

  private final DeviceQueue queue;
  private final DeviceMemory memory;

  DeviceTensor(BackendLifetime lifetime, DeviceQueue queue, Binding values) {
    super(lifetime, values.shape());
    this.queue = queue;
    this.memory = values.memory();
  }

  DeviceMemory memory() {
    return memory;
  }

  Binding binding() {
    return new Binding(memory, shape());
  }

  @Override
  protected void copyTo(FloatBuffer destination) {
    queue.download(
        memory,
        shape().elementCount() * Float.BYTES,
        bytes -> destination.put(bytes.asFloatBuffer()));
  }

  @Override
  protected void release() {
    queue.free(memory);
  }
}
