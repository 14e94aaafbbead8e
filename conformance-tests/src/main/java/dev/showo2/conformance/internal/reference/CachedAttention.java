package dev.showo2.conformance.internal.reference;

import dev.showo2.conformance.internal.reference.ReferenceKvCache.KeysAndValues;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Attention of a segment over what a cache holds and itself: the same in both transformers. */
final class CachedAttention {

  private final Stage stage;
  private final int layers;
  private final int keyColumns;
  private final GroupedAttention attention;
  private final Rotary rotary;
  private final IntUnaryOperator firstPosition;
  private final BackendLifetime lifetime;

  CachedAttention(
      ReferenceContext context,
      Stage stage,
      int layers,
      GroupedAttention attention,
      Rotary rotary) {
    this.stage = stage;
    this.layers = layers;
    this.keyColumns = attention.keyValueHeads() * attention.headSize();
    this.attention = attention;
    this.rotary = rotary;
    this.firstPosition = context.formulas()::firstPosition;
    this.lifetime = context.lifetime();
  }

  KvCache newCache(CacheRequest request) {
    int batch = ReferenceKvCache.requireBatch(request.batch());
    List<KeysAndValues> empty =
        Collections.nCopies(layers * batch, KeysAndValues.empty(keyColumns));
    return lifetime.call(() -> new ReferenceKvCache(lifetime, stage, batch, 0, empty));
  }

  /** A segment that the layers process. */
  Pass pass(ReferenceKvCache cache, int length, Attention mask) {
    return new Pass(cache, length, mask);
  }

  /** One segment; the layers attend in their order. */
  final class Pass {

    private final ReferenceKvCache cache;
    private final List<KeysAndValues> prefix;
    private final int length;
    private final Attention mask;
    private final List<KeysAndValues> grown = new ArrayList<>();

    private Pass(ReferenceKvCache cache, int length, Attention mask) {
      this.cache = cache;
      this.prefix = cache.prefix();
      this.length = length;
      this.mask = mask;
    }

    /**
     * The next layer's attention.
     *
     * @param queries [B·S, heads · size], before rotation
     * @param keys [B·S, kv · size], before rotation
     * @param values [B·S, kv · size]
     * @return [B·S, heads · size]
     */
    Matrix attend(Matrix queries, Matrix keys, Matrix values) {
      List<Matrix> results = new ArrayList<>();
      int position = firstPosition.applyAsInt(cache.length());
      for (int sequence = 0; sequence < cache.batch(); sequence++) {
        int from = sequence * length;
        int to = from + length;
        KeysAndValues all =
            prefix
                .get(grown.size())
                .followedBy(rotary.rotate(keys.rows(from, to), position), values.rows(from, to));
        grown.add(all);
        Matrix rotated = rotary.rotate(queries.rows(from, to), position);
        results.add(attention.attend(rotated, all.keys(), all.values(), mask));
      }
      return Matrix.stack(results);
    }

    /** Lets the cache grow by the segment; comes after the last layer. */
    void keep() {
      cache.grow(grown, length);
    }
  }
}
