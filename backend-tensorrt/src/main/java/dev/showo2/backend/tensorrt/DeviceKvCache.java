package dev.showo2.backend.tensorrt;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.Stage;

/** Keys and values of a prefix on the GPU. */
final class DeviceKvCache extends AbstractKvCache {

  private final DeviceContext context;
  private KeyValueMemory memory;

  private DeviceKvCache(
      DeviceContext context, Stage stage, int batch, int length, KeyValueMemory memory) {
    super(context.lifetime(), stage, batch, length);
    this.context = context;
    this.memory = memory;
  }

  /**
   * @param mostPositions more are not reserved on the strength of a hint
   */
  static DeviceKvCache open(
      DeviceContext context,
      Stage stage,
      CacheRequest request,
      KeyValueMemory.Sizes sizes,
      int mostPositions) {
    int expected = Math.min(mostPositions, request.expectedPositions().orElse(1));
    KeyValueMemory memory = KeyValueMemory.allocate(context, sizes, expected);
    try {
      return new DeviceKvCache(context, stage, sizes.batch(), 0, memory);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  KeyValueMemory memory() {
    return memory;
  }

  /** Makes room behind the prefix that this cache alone may write. */
  void reserve(int positions) {
    int needed = Math.addExact(length(), positions);
    if (needed > memory.capacity()) {
      // Half as much again, so that a text that grows word by word is seldom copied.
      exchange(Math.max(needed, memory.capacity() / 2 * 3));
    } else if (memory.isShared()) {
      exchange(memory.capacity());
    }
  }

  private void exchange(int positions) {
    exchange(length(), positions);
  }

  private void exchange(int length, int positions) {
    KeyValueMemory old = memory;
    memory = old.copy(length, positions);
    old.close();
  }

  @Override
  protected DeviceKvCache copy() {
    memory.share();
    try {
      return new DeviceKvCache(context, stage(), batch(), length(), memory);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  @Override
  protected void cut(int newLength) {
    if (memory.isShared()) {
      exchange(newLength, memory.capacity());
    } else {
      memory.clear(newLength, length());
    }
  }

  @Override
  protected void release() {
    memory.close();
  }
}
