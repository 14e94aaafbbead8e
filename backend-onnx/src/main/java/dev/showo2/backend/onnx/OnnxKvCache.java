package dev.showo2.backend.onnx;

import dev.showo2.stage.KvCache;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values per layer, in the order key 0, value 0, key 1, …, each [B, heads, P, size].
 * Values are never written to, so forks share them.
 */
final class OnnxKvCache implements KvCache {

  private final CachedTransformer owner;
  private final int batch;
  private int length;
  private List<NativeValue> values;
  private boolean closed;

  OnnxKvCache(CachedTransformer owner, int batch, int length, List<NativeValue> values) {
    this.owner = owner;
    this.batch = batch;
    this.length = length;
    this.values = values;
  }

  boolean belongsTo(CachedTransformer transformer) {
    return owner == transformer;
  }

  List<NativeValue> values() {
    requireOpen();
    return values;
  }

  /** Takes over the keys and values of a longer past. */
  void replace(List<NativeValue> longer, int newLength) {
    List<NativeValue> old = values;
    values = List.copyOf(longer);
    length = newLength;
    old.forEach(NativeValue::free);
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public KvCache fork() {
    return owner.whileOpen(
        () ->
            new OnnxKvCache(
                owner, batch, length, values().stream().map(NativeValue::share).toList()));
  }

  @Override
  public void truncate(int newLength) {
    requireOpen();
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "a cache of " + length + " positions cannot be cut to " + newLength);
    }
    if (newLength < length) {
      List<NativeValue> shorter = new ArrayList<>();
      try {
        for (NativeValue value : values) {
          shorter.add(owner.firstPositions(value, newLength));
        }
      } catch (RuntimeException e) {
        shorter.forEach(NativeValue::free);
        throw e;
      }
      replace(shorter, newLength);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the key-value cache is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      values.forEach(NativeValue::free);
    }
  }
}
