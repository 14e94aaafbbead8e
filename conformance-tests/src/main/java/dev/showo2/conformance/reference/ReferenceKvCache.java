package dev.showo2.conformance.reference;

import dev.showo2.stage.KvCache;
import java.util.List;

/** The past of a batch of sequences in one of the two transformers. */
final class ReferenceKvCache implements KvCache {

  private final CachedAttention owner;
  private final Lifetime lifetime;
  private final int batch;
  private int length;
  private List<KeysAndValues> past;
  private boolean closed;

  /**
   * @param past of layer 0 for each sequence, then of layer 1, …
   */
  ReferenceKvCache(
      CachedAttention owner, Lifetime lifetime, int batch, int length, List<KeysAndValues> past) {
    this.owner = owner;
    this.lifetime = lifetime;
    this.batch = batch;
    this.length = length;
    this.past = past;
    lifetime.handleOpened();
  }

  boolean belongsTo(CachedAttention attention) {
    return owner == attention;
  }

  List<KeysAndValues> past() {
    requireOpen();
    return past;
  }

  /** Takes over a longer past. */
  void replace(List<KeysAndValues> longer, int newLength) {
    past = List.copyOf(longer);
    length = newLength;
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
    return lifetime.whileOpen(
        () -> {
          requireOpen();
          return new ReferenceKvCache(owner, lifetime, batch, length, past);
        });
  }

  @Override
  public void truncate(int newLength) {
    lifetime.whileOpen(
        () -> {
          requireOpen();
          if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException(
                "a cache of " + length + " positions cannot be cut to " + newLength);
          }
          replace(past.stream().map(each -> each.first(newLength)).toList(), newLength);
          return null;
        });
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
      past = List.of();
      lifetime.handleClosed();
    }
  }
}
