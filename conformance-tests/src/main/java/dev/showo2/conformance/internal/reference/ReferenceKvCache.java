package dev.showo2.conformance.internal.reference;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.Stage;
import java.util.List;

/** The keys and values of a batch of sequences in one of the two transformers. */
final class ReferenceKvCache extends AbstractKvCache {

  private List<KeysAndValues> prefix;

  /**
   * @param prefix of layer 0 for each sequence, then of layer 1, …
   */
  ReferenceKvCache(
      BackendLifetime lifetime, Stage stage, int batch, int length, List<KeysAndValues> prefix) {
    super(lifetime, stage, batch, length);
    this.prefix = List.copyOf(prefix);
  }

  List<KeysAndValues> prefix() {
    return prefix;
  }

  /** Takes over a prefix that a segment has made longer. */
  void grow(List<KeysAndValues> longer, int positions) {
    prefix = List.copyOf(longer);
    advance(positions);
  }

  @Override
  protected ReferenceKvCache copy() {
    return new ReferenceKvCache(lifetime(), stage(), batch(), length(), prefix);
  }

  @Override
  protected void cut(int newLength) {
    prefix = prefix.stream().map(each -> each.first(newLength)).toList();
  }

  @Override
  protected void release() {
    prefix = List.of();
  }

  /**
   * The keys and values of one layer for one sequence, the keys already rotated. Never changes, so
   * that forks share it.
   *
   * @param keys [P, kv · size]
   * @param values [P, kv · size]
   */
  record KeysAndValues(Matrix keys, Matrix values) {

    static KeysAndValues empty(int columns) {
      return new KeysAndValues(Matrix.zeros(0, columns), Matrix.zeros(0, columns));
    }

    KeysAndValues followedBy(Matrix moreKeys, Matrix moreValues) {
      return new KeysAndValues(
          Matrix.stack(List.of(keys, moreKeys)), Matrix.stack(List.of(values, moreValues)));
    }

    KeysAndValues first(int positions) {
      return new KeysAndValues(keys.rows(0, positions), values.rows(0, positions));
    }
  }
}
