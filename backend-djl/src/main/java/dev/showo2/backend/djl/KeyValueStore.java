package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.showo2.spi.support.SharedResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Preallocated keys and values of all layers, [B, heads, capacity, size] each, which forked caches
 * share. Positions are written in place by the one cache that is ahead of all others; the others
 * copy before they write.
 */
final class KeyValueStore extends SharedResource {

  private static final List<String> STORED = List.of("k", "v", "keys", "values");

  private static final TorchScript APPEND =
      TorchScript.compile(
          STORED,
          List.of("prefix"),
          """
          length = torch.size(k, 1)
          all_keys = torch.slice(keys, 2, 0, prefix + length)
          all_values = torch.slice(values, 2, 0, prefix + length)
          _0 = torch.copy_(torch.slice(all_keys, 2, prefix), torch.transpose(k, 1, 2))
          _1 = torch.copy_(torch.slice(all_values, 2, prefix), torch.transpose(v, 1, 2))
          return [all_keys, all_values]
          """);

  private static final TorchScript JOIN =
      TorchScript.compile(
          STORED,
          List.of("prefix"),
          """
          all_keys = torch.cat([torch.slice(keys, 2, 0, prefix), torch.transpose(k, 1, 2)], 2)
          all_values = torch.cat([torch.slice(values, 2, 0, prefix), torch.transpose(v, 1, 2)], 2)
          return [all_keys, all_values]
          """);

  private final DjlContext context;
  private final Sizes sizes;
  private final int capacity;
  private final List<NDArray> keys = new ArrayList<>();
  private final List<NDArray> values = new ArrayList<>();

  /** Positions that some cache has, or is about to write. */
  private final AtomicInteger claimed = new AtomicInteger();

  /** The sizes that all positions have in common. */
  record Sizes(int layers, int batch, int heads, int headSize) {}

  KeyValueStore(DjlContext context, Sizes sizes, int capacity) {
    super(context.lifetime());
    this.context = context;
    this.sizes = sizes;
    this.capacity = capacity;
    try {
      for (int layer = 0; layer < sizes.layers(); layer++) {
        keys.add(allocate());
        values.add(allocate());
      }
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** Uninitialized: memory is taken page by page, when it is written. */
  private NDArray allocate() {
    return context
        .manager()
        .create(
            new Shape(sizes.batch(), sizes.heads(), capacity, sizes.headSize()), DataType.FLOAT32);
  }

  Sizes sizes() {
    return sizes;
  }

  int capacity() {
    return capacity;
  }

  /**
   * Asks for the positions [length, newLength).
   *
   * @return whether the cache of that length may write them
   */
  boolean claim(int length, int newLength) {
    if (newLength > capacity) {
      return false;
    }
    if (!isShared()) {
      claimed.set(newLength);
      return true;
    }
    return claimed.compareAndSet(length, newLength);
  }

  /** A new store with the first positions of this one. */
  KeyValueStore copy(int length, int newCapacity) {
    KeyValueStore copy = new KeyValueStore(context, sizes, newCapacity);
    if (length == 0) {
      return copy;
    }
    try (NDManager scope = context.manager().newSubManager()) {
      for (int layer = 0; layer < sizes.layers(); layer++) {
        copy.write(layer, 0, keys(layer, length, scope), values(layer, length, scope));
      }
      copy.claimed.set(length);
      return copy;
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  /** Of one layer, [B, heads, P + S, size] each. */
  record Entry(NDArray keys, NDArray values) {}

  /**
   * Writes the keys and values [B, S, heads, size] of claimed positions.
   *
   * @param prefix positions before
   * @return views of the prefix and what is written
   */
  Entry appended(int layer, int prefix, NDArray newKeys, NDArray newValues) {
    return entry(APPEND, layer, prefix, newKeys, newValues);
  }

  /** The prefix and keys and values [B, S, heads, size] behind it, which are not kept. */
  Entry joined(int layer, int prefix, NDArray newKeys, NDArray newValues) {
    return entry(JOIN, layer, prefix, newKeys, newValues);
  }

  private Entry entry(
      TorchScript script, int layer, int prefix, NDArray newKeys, NDArray newValues) {
    NDArray[] entry =
        script.callAll(
            newKeys.getManager(),
            new long[] {prefix},
            newKeys,
            newValues,
            keys.get(layer),
            values.get(layer));
    return new Entry(entry[0], entry[1]);
  }

  /** Writes the keys and values [B, heads, S, size] of claimed positions. */
  private void write(int layer, int position, NDArray newKeys, NDArray newValues) {
    NDIndex positions = new NDIndex(":, :, {}:{}", position, position + newKeys.getShape().get(2));
    keys.get(layer).set(positions, newKeys);
    values.get(layer).set(positions, newValues);
  }

  /** A view of the first positions [B, heads, length, size]. */
  private NDArray keys(int layer, int length, NDManager scope) {
    return keys.get(layer).get(scope, new NDIndex(":, :, :{}", length));
  }

  /** A view of the first positions [B, heads, length, size]. */
  private NDArray values(int layer, int length, NDManager scope) {
    return values.get(layer).get(scope, new NDIndex(":, :, :{}", length));
  }

  @Override
  protected void release() {
    keys.forEach(NDArray::close);
    values.forEach(NDArray::close);
  }
}
