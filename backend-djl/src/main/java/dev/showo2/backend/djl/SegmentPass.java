package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import dev.showo2.stage.Attention;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments of one length that the layers of a transformer process in one batch, each over the
 * prefix in a cache of its own.
 */
final class SegmentPass implements LayerAttention {

  private final DjlContext context;
  private final Attention attention;
  private final boolean keeps;
  private final List<Part> parts = new ArrayList<>();

  private record Part(DjlKvCache cache, int firstRow, DjlRotary.Rotation rotation) {}

  private SegmentPass(
      DjlContext context,
      DjlRotary rotary,
      List<DjlKvCache> caches,
      int length,
      Attention attention,
      boolean keeps,
      NDManager scope) {
    this.context = context;
    this.attention = attention;
    this.keeps = keeps;
    int row = 0;
    for (DjlKvCache cache : caches) {
      int position = context.formulas().firstPosition().applyAsInt(cache.length());
      parts.add(new Part(cache, row, rotary.at(position, length, scope)));
      row += cache.batch();
    }
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
    NDManager scope = queries.getManager();
    NDArray newKeys = part.rotation().apply(keys.transpose(0, 2, 1, 3));
    NDArray newValues = values.transpose(0, 2, 1, 3);
    KeyValueStore store = part.cache().store();
    int prefix = part.cache().length();
    NDArray allKeys = newKeys;
    NDArray allValues = newValues;
    if (keeps) {
      store.write(layer, prefix, newKeys, newValues);
      int length = Math.toIntExact(prefix + newKeys.getShape().get(2));
      allKeys = store.keys(layer, length, scope);
      allValues = store.values(layer, length, scope);
    } else if (prefix > 0) {
      allKeys = store.keys(layer, prefix, scope).concat(newKeys, 2);
      allValues = store.values(layer, prefix, scope).concat(newValues, 2);
    }
    NDArray rotated = part.rotation().apply(queries.transpose(0, 2, 1, 3));
    return context.attention().attend(rotated, allKeys, allValues, attention).transpose(0, 2, 1, 3);
  }
}
