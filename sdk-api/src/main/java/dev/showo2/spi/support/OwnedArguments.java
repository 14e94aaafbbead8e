package dev.showo2.spi.support;

import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;

/**
 * Checks of single tensors and caches: owner, shape and state, in this order. {@link
 * StageArguments} says for each stage which of them are needed.
 *
 * @param <T> type of the backend's tensors
 * @param <C> type of the backend's KV caches
 */
record OwnedArguments<T extends AbstractTensor, C extends AbstractKvCache>(
    BackendLifetime lifetime, Class<T> tensors, Class<C> caches) {

  /**
   * @param expected shape; a negative size means any from 1
   */
  T tensor(Tensor tensor, String what, long... expected) {
    if (!tensors.isInstance(tensor)) {
      throw foreign(tensor, what);
    }
    T own = tensors.cast(tensor);
    if (own.lifetime() != lifetime) {
      throw foreign(tensor, what);
    }
    Shape found = own.shape();
    boolean fits = found.rank() == expected.length;
    for (int axis = 0; fits && axis < expected.length; axis++) {
      long size = found.dimension(axis);
      fits = expected[axis] < 0 ? size > 0 : size == expected[axis];
    }
    if (!fits) {
      throw new IllegalArgumentException(what + " is needed, found " + found);
    }
    own.requireOpen();
    return own;
  }

  /** Planes [.., height, width], both multiples of a factor. */
  T planes(Tensor tensor, String what, int factor, long... expected) {
    T checked = tensor(tensor, what, expected);
    Shape found = checked.shape();
    if (found.dimension(-2) % factor != 0 || found.dimension(-1) % factor != 0) {
      throw new IllegalArgumentException(
          what + " with height and width in multiples of " + factor + " is needed, found " + found);
    }
    return checked;
  }

  private static IllegalArgumentException foreign(Tensor tensor, String what) {
    return new IllegalArgumentException(
        what + ": a tensor of this backend is needed; upload the values of " + tensor + " first");
  }

  C cache(KvCache cache, Stage stage, long batch) {
    if (!caches.isInstance(cache)) {
      throw new IllegalArgumentException("the cache was made by another stage");
    }
    C own = caches.cast(cache);
    if (own.lifetime() != lifetime || own.stage() != stage) {
      throw new IllegalArgumentException("the cache was made by another stage");
    }
    if (own.batch() != batch) {
      throw new IllegalArgumentException(
          "the cache holds " + own.batch() + " sequences, the segment " + batch);
    }
    own.requireOpen();
    return own;
  }
}
