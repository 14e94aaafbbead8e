package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The frames of earlier chunks that the layers of the VAE keep of one video. A chunk reads the
 * memory of the chunk before and fills a new one, so that a failure leaves the video as it was.
 */
final class VaeMemory implements AutoCloseable {

  private final boolean first;
  private final UnaryOperator<NDArray> kept;
  private final NDManager manager;
  private final Map<String, NDArray> before;
  private final Map<String, NDArray> frames = new HashMap<>();

  /**
   * @param before the frames of the chunk before; null for the first
   * @param kept changes what is kept
   * @param manager of what is kept; null if nothing is, as for a single image
   */
  private VaeMemory(Map<String, NDArray> before, UnaryOperator<NDArray> kept, NDManager manager) {
    this.first = before == null;
    this.before = first ? Map.of() : before;
    this.kept = kept;
    this.manager = manager;
  }

  /** Of a single image: a first chunk after which there is no other. */
  static VaeMemory ofImage() {
    return new VaeMemory(null, UnaryOperator.identity(), null);
  }

  static VaeMemory ofFirstChunk(DjlContext context) {
    return new VaeMemory(null, context.formulas().kept(), context.manager().newSubManager());
  }

  /** For the next chunk of the same video; this one is not changed. */
  VaeMemory next() {
    return new VaeMemory(frames, kept, manager.getParentManager().newSubManager());
  }

  boolean isFirstChunk() {
    return first;
  }

  /** The frames [B, C, T, H, W] that a layer kept of the chunk before. */
  Optional<NDArray> recall(String layer, NDManager scope) {
    return Optional.ofNullable(before.get(layer)).map(last -> NdScopes.view(last, scope));
  }

  /** Keeps a copy of frames for the next chunk. */
  void remember(String layer, NDArray last) {
    if (manager != null) {
      NDArray copy = kept.apply(last.duplicate());
      copy.attach(manager);
      frames.put(layer, copy);
    }
  }

  @Override
  public void close() {
    if (manager != null) {
      manager.close();
    }
  }
}
