package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The frames of earlier chunks that the layers of the VAE keep of one video. A chunk reads the
 * memory of the chunk before and fills a new one, so that a failure leaves the video as it was.
 */
final class VaeMemory implements AutoCloseable {

  private final VaeMemory before;
  private final NDManager manager;
  private final Map<String, NDArray> frames = new HashMap<>();

  /**
   * @param before of the chunk before; null for the first
   * @param manager of what is kept; null if nothing is, as for a single image
   */
  private VaeMemory(VaeMemory before, NDManager manager) {
    this.before = before;
    this.manager = manager;
  }

  /** Of a single image: a first chunk after which there is no other. */
  static VaeMemory ofImage() {
    return new VaeMemory(null, null);
  }

  static VaeMemory ofFirstChunk(NDManager parent) {
    return new VaeMemory(null, parent.newSubManager());
  }

  /** For the next chunk of the same video; this one is not changed. */
  VaeMemory next() {
    return new VaeMemory(this, manager.getParentManager().newSubManager());
  }

  boolean isFirstChunk() {
    return before == null;
  }

  /** The frames [B, C, T, H, W] that a layer kept of the chunk before. */
  Optional<NDArray> recall(String layer, NDManager scope) {
    return before == null
        ? Optional.empty()
        : Optional.ofNullable(before.frames.get(layer)).map(kept -> NdScopes.view(kept, scope));
  }

  /** Keeps a copy of frames for the next chunk. */
  void remember(String layer, NDArray last) {
    if (manager != null) {
      NDArray copy = last.duplicate();
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
