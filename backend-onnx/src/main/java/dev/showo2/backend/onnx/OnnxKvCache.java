package dev.showo2.backend.onnx;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values per layer, in the order key 0, value 0, key 1, …, each [B, heads, P, size].
 * Values are never written to, so forks share them.
 */
final class OnnxKvCache extends AbstractKvCache {

  private final OnnxContext context;
  private List<NativeValue> values;

  OnnxKvCache(OnnxContext context, Stage stage, int batch, int length, List<NativeValue> values) {
    super(context.lifetime(), stage, batch, length);
    this.context = context;
    this.values = List.copyOf(values);
  }

  List<NativeValue> values() {
    return values;
  }

  /** Takes over the keys and values of a longer or shorter prefix. */
  void replace(List<NativeValue> replacement) {
    List<NativeValue> old = values;
    values = List.copyOf(replacement);
    old.forEach(NativeValue::close);
  }

  @Override
  protected OnnxKvCache copy() {
    return new OnnxKvCache(
        context, stage(), batch(), length(), values.stream().map(NativeValue::shared).toList());
  }

  @Override
  protected void cut(int newLength) {
    try (Closer closer = new Closer()) {
      List<NativeValue> shorter = new ArrayList<>();
      for (NativeValue value : values) {
        shorter.add(closer.add(context.values().firstPositions(value, newLength)));
      }
      replace(shorter);
      closer.keepAll();
    }
  }

  @Override
  protected void release() {
    values.forEach(NativeValue::close);
  }
}
