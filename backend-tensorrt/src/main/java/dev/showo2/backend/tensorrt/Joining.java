package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Rows;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.tensor.Shape;
import java.util.List;

/** Sequences of tokens joined and cut on the GPU. */
record Joining(DeviceQueue queue) {

  /**
   * Joins parts along their positions.
   *
   * @param parts [B, Sᵢ, D], at least one
   * @return [B, ΣSᵢ, D], which the caller frees
   */
  Binding joined(List<Binding> parts) {
    Shape first = parts.get(0).shape();
    long batch = first.dimension(0);
    long width = first.dimension(2);
    long length = parts.stream().mapToLong(part -> part.shape().dimension(1)).sum();
    Shape shape = Shape.of(batch, length, width);
    DeviceMemory memory = queue.allocate(shape.elementCount() * Float.BYTES);
    try {
      long offset = 0;
      for (Binding part : parts) {
        long bytes = part.shape().dimension(1) * width * Float.BYTES;
        queue.copy(
            new Rows(part.memory(), 0, bytes),
            new Rows(memory, offset, length * width * Float.BYTES),
            bytes,
            batch);
        offset += bytes;
      }
      return new Binding(memory, shape);
    } catch (Throwable e) {
      queue.free(memory);
      throw e;
    }
  }

  /**
   * Copies some positions of a sequence.
   *
   * @param values [B, S, D]
   * @return [B, length, D], which the caller frees
   */
  Binding cut(Binding values, long from, long length) {
    long batch = values.shape().dimension(0);
    long width = values.shape().dimension(2) * Float.BYTES;
    Shape shape = Shape.of(batch, length, values.shape().dimension(2));
    DeviceMemory memory = queue.allocate(shape.elementCount() * Float.BYTES);
    try {
      queue.copy(
          new Rows(values.memory(), from * width, values.shape().dimension(1) * width),
          new Rows(memory, 0, length * width),
          length * width,
          batch);
      return new Binding(memory, shape);
    } catch (Throwable e) {
      queue.free(memory);
      throw e;
    }
  }
}
