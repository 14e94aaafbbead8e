package dev.showo2.backend.djl;

import dev.showo2.spi.support.AbstractKvCache;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;

/** Keys and values of a prefix, within a store that forks may share. */
final class DjlKvCache extends AbstractKvCache {

  /** Of a cache whose length nobody foretells. */
  private static final int FIRST_CAPACITY = 64;

  /** More is not reserved on the strength of a hint. */
  private static final int LARGEST_HINT = 1 << 16;

  private final DjlContext context;
  private KeyValueStore store;

  private DjlKvCache(DjlContext context, Stage stage, int batch, int length, KeyValueStore store) {
    super(context.lifetime(), stage, batch, length);
    this.context = context;
    this.store = store;
  }

  static KvCache open(
      DjlContext context, Stage stage, CacheRequest request, int layers, int heads, int headSize) {
    int batch = requireBatch(request.batch());
    int capacity = Math.min(LARGEST_HINT, request.expectedPositions().orElse(FIRST_CAPACITY));
    return context.call(
        stage,
        () ->
            new DjlKvCache(
                context,
                stage,
                batch,
                0,
                new KeyValueStore(
                    context, new KeyValueStore.Sizes(layers, batch, heads, headSize), capacity)));
  }

  KeyValueStore store() {
    return store;
  }

  /** Makes room for positions behind the prefix, which this cache may then write in place. */
  void reserve(int positions) {
    int needed = Math.addExact(length(), positions);
    if (!store.claim(length(), needed)) {
      int capacity =
          needed <= store.capacity()
              ? store.capacity()
              : (int) Math.min(Integer.MAX_VALUE, Math.max(needed, 1.5 * store.capacity()));
      KeyValueStore old = store;
      store = old.copy(length(), capacity);
      old.close();
      store.claim(length(), needed);
    }
  }

  @Override
  protected DjlKvCache copy() {
    store.share();
    return new DjlKvCache(context, stage(), batch(), length(), store);
  }

  /** What is cut off is written over. */
  @Override
  protected void cut(int newLength) {}

  @Override
  protected void release() {
    store.close();
  }
}
