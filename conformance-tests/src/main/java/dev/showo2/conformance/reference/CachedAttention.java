package dev.showo2.conformance.reference;

import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Attention of a segment over what a cache holds and itself: the same in both transformers. */
final class CachedAttention {

  private final int layers;
  private final int keyColumns;
  private final GroupedAttention attention;
  private final Rotary rotary;
  private final IntUnaryOperator firstPosition;
  private final Lifetime lifetime;

  /**
   * @param firstPosition of a segment, by the number of tokens before it
   */
  CachedAttention(
      int layers,
      GroupedAttention attention,
      Rotary rotary,
      IntUnaryOperator firstPosition,
      Lifetime lifetime) {
    this.layers = layers;
    this.keyColumns = attention.keyValueHeads() * attention.headSize();
    this.attention = attention;
    this.rotary = rotary;
    this.firstPosition = firstPosition;
    this.lifetime = lifetime;
  }

  KvCache newCache(CacheRequest request) {
    if (request.batch() < 1) {
      throw new IllegalArgumentException(
          "a cache holds at least one sequence, got " + request.batch());
    }
    List<KeysAndValues> empty =
        Collections.nCopies(layers * request.batch(), KeysAndValues.empty(keyColumns));
    return lifetime.whileOpen(
        () -> new ReferenceKvCache(this, lifetime, request.batch(), 0, empty));
  }

  /**
   * A segment on its way through the layers.
   *
   * @throws IllegalArgumentException if the cache is of another stage or for another batch
   * @throws IllegalStateException if the cache is closed
   */
  Pass pass(KvCache cache, int batch, int length, Attention mask) {
    if (!(cache instanceof ReferenceKvCache own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("the cache was made by another stage");
    }
    if (own.batch() != batch) {
      throw new IllegalArgumentException(
          "the cache holds " + own.batch() + " sequences, the segment " + batch);
    }
    return new Pass(own, own.past(), length, mask);
  }

  /** One segment; the layers attend in their order. */
  final class Pass {

    private final ReferenceKvCache cache;
    private final List<KeysAndValues> past;
    private final int length;
    private final Attention mask;
    private final List<KeysAndValues> present = new ArrayList<>();

    private Pass(ReferenceKvCache cache, List<KeysAndValues> past, int length, Attention mask) {
      this.cache = cache;
      this.past = past;
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
            past.get(present.size())
                .followedBy(rotary.rotate(keys.rows(from, to), position), values.rows(from, to));
        present.add(all);
        Matrix rotated = rotary.rotate(queries.rows(from, to), position);
        results.add(attention.attend(rotated, all.keys(), all.values(), mask));
      }
      return Matrix.stack(results);
    }

    /** Lets the cache grow by the segment; comes after the last layer. */
    void keep() {
      cache.replace(present, cache.length() + length);
    }
  }
}
