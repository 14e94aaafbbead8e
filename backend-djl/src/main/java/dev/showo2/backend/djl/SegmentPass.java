package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.showo2.stage.Attention;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Segments of one length that the layers of a transformer process in one batch, each over the
 * prefix in a cache of its own.
 */
final class SegmentPass implements LayerAttention {

  private final Attention attention;
  private final boolean keeps;
  private final List<Part> parts = new ArrayList<>();

  private final DjlRotary.Rotation rotation;

  private record Part(DjlKvCache cache, int firstRow) {}

  private SegmentPass(
      DjlContext context,
      DjlRotary rotary,
      List<DjlKvCache> caches,
      int length,
      Attention attention,
      boolean keeps,
      NDManager scope) {
    this.attention = attention;
    this.keeps = keeps;
    int row = 0;
    IntStream.Builder firstPositions = IntStream.builder();
    for (DjlKvCache cache : caches) {
      parts.add(new Part(cache, row));
      int position = context.formulas().firstPosition().applyAsInt(cache.length());
      IntStream.range(0, cache.batch()).forEach(each -> firstPositions.add(position));
      row += cache.batch();
    }
    this.rotation = rotary.at(firstPositions.build().toArray(), length, scope);
  }

  /**
   * A segment whose keys and values the cache is to keep; its length grows after the last layer.
   */
  static SegmentPass appending(
      DjlContext context,
      DjlRotary rotary,
      DjlKvCache cache,
      int length,
      Attention attention,
      NDManager scope) {
    cache.reserve(length);
    return new SegmentPass(context, rotary, List.of(cache), length, attention, true, scope);
  }

  /** Segments that leave their caches as they are. */
  static SegmentPass evaluating(
      DjlContext context,
      DjlRotary rotary,
      List<DjlKvCache> caches,
      int length,
      Attention attention,
      NDManager scope) {
    return new SegmentPass(context, rotary, caches, length, attention, false, scope);
  }

  @Override
  public DjlRotary.Rotation rotation() {
    return rotation;
  }

  @Override
  public NDArray attend(int layer, NDArray queries, NDArray keys, NDArray values) {
    if (parts.size() == 1) {
      return attend(layer, parts.get(0), queries, keys, values);
    }
    NDList results = new NDList();
    for (Part part : parts) {
      NDIndex rows = new NDIndex("{}:{}", part.firstRow(), part.firstRow() + part.cache().batch());
      results.add(attend(layer, part, queries.get(rows), keys.get(rows), values.get(rows)));
    }
    return NDArrays.concat(results, 0);
  }

  private NDArray attend(int layer, Part part, NDArray queries, NDArray keys, NDArray values) {
    KeyValueStore store = part.cache().store();
    int prefix = part.cache().length();
    KeyValueStore.Entry all =
        keeps
            ? store.appended(layer, prefix, keys, values)
            : store.joined(layer, prefix, keys, values);
    return OmniAttention.attend(queries, all.keys(), all.values(), attention);
  }
}
