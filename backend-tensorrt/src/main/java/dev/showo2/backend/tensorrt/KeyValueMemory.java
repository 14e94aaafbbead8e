package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Rows;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.spi.support.SharedResource;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Preallocated keys and values of all layers on the GPU, in the order key 0, value 0, key 1, …,
 * each [B, heads, capacity, size]. Positions that no cache has are zeros: a mask hides them from
 * attention, which an infinite number or NaN would pass. Forked caches share the memory until one
 * of them changes it.
 */
final class KeyValueMemory extends SharedResource {

  private final DeviceContext context;
  private final DeviceQueue queue;
  private final Sizes sizes;
  private final int capacity;
  private final List<DeviceMemory> memories = new ArrayList<>();

  /** The sizes that all positions have in common. */
  record Sizes(int layers, int batch, int heads, int headSize) {

    /** Rows of positions that lie one behind the other. */
    long rows() {
      return (long) batch * heads;
    }

    long bytes(long positions) {
      return positions * headSize * Float.BYTES;
    }
  }

  private KeyValueMemory(DeviceContext context, Sizes sizes, int capacity) {
    super(context.lifetime());
    this.context = context;
    this.queue = context.queue();
    this.sizes = sizes;
    this.capacity = capacity;
  }

  /** Zeros for at least as many positions. */
  static KeyValueMemory allocate(DeviceContext context, Sizes sizes, int positions) {
    int capacity =
        Math.toIntExact(
            Math.max(
                Profiles.CACHE_STEP,
                (positions + Profiles.CACHE_STEP - 1L)
                    / Profiles.CACHE_STEP
                    * Profiles.CACHE_STEP));
    KeyValueMemory memory = new KeyValueMemory(context, sizes, capacity);
    try {
      memory.allocate();
      return memory;
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  private void allocate() {
    long pitch = sizes.bytes(capacity);
    for (int i = 0; i < 2 * sizes.layers(); i++) {
      DeviceMemory memory = queue.allocate(sizes.rows() * pitch);
      memories.add(memory);
      queue.clear(new Rows(memory, 0, pitch), pitch, sizes.rows());
    }
  }

  /** A copy of the first positions with room for more. */
  KeyValueMemory copy(int length, int positions) {
    KeyValueMemory copy = allocate(context, sizes, positions);
    try {
      if (length > 0) {
        for (int i = 0; i < memories.size(); i++) {
          queue.copy(rows(i, 0), copy.rows(i, 0), sizes.bytes(length), sizes.rows());
        }
      }
      return copy;
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  int capacity() {
    return capacity;
  }

  Sizes sizes() {
    return sizes;
  }

  /** All positions of one layer's keys or values, as an input of the engine. */
  Binding binding(int index) {
    return new Binding(
        memories.get(index), Shape.of(sizes.batch(), sizes.heads(), capacity, sizes.headSize()));
  }

  /** The rows of one layer's keys or values, from a position on. */
  Rows rows(int index, int position) {
    return new Rows(memories.get(index), sizes.bytes(position), sizes.bytes(capacity));
  }

  /** Makes positions zeros again. */
  void clear(int from, int to) {
    for (int i = 0; i < memories.size(); i++) {
      queue.clear(rows(i, from), sizes.bytes(to - from), sizes.rows());
    }
  }

  @Override
  protected void release() {
    context.beforeRelease().forEach(listener -> listener.accept(this));
    memories.forEach(queue::free);
  }
}
