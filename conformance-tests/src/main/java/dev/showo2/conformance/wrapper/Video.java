package dev.showo2.conformance.wrapper;

import dev.showo2.model.Architecture;
import dev.showo2.tensor.Shape;

/** A video in a stream: its position, and the size that all its chunks have. */
final class Video {

  private final Handle handle;
  private Shape first;

  Video(Handle handle) {
    this.handle = handle;
  }

  /** The stream itself. */
  Handle handle() {
    return handle;
  }

  /** F, frames of the chunk that is next. */
  long frames() {
    return first == null ? 1 : Architecture.VAE_TEMPORAL_FACTOR;
  }

  /**
   * @throws AssertionError if a chunk [B, C, F, H, W] differs from the first in B, H or W
   */
  void requireSameSize(Call call, AssertingTensor chunk) {
    for (int axis : new int[] {0, 3, 4}) {
      call.callerOwes(
          first == null || first.dimension(axis) == chunk.dimension(axis),
          "a chunk of the batch and size of the first, " + first + ",",
          chunk.known());
    }
  }

  /** A chunk went through. */
  void next(AssertingTensor chunk) {
    if (first == null) {
      first = chunk.known();
    }
  }
}
