package dev.showo2.conformance.internal.reference;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** The frames of earlier chunks that each layer of the VAE keeps of one sample. */
final class RememberedFrames {

  private final Map<VaeLayer, List<Frame>> frames = new IdentityHashMap<>();
  private final DoubleUnaryOperator change;
  private boolean first = true;

  /**
   * @param change what becomes of a value that is remembered
   */
  RememberedFrames(DoubleUnaryOperator change) {
    this.change = change;
  }

  /** Whether this is the first chunk of the video, or a single image. */
  boolean isFirst() {
    return first;
  }

  /** What the layer remembered last; nothing in the first chunk. */
  List<Frame> recall(VaeLayer layer) {
    return frames.getOrDefault(layer, List.of());
  }

  void remember(VaeLayer layer, List<Frame> last) {
    frames.put(layer, last.stream().map(frame -> frame.map(change)).toList());
  }

  /** For the next chunk: what is remembered there does not change this. */
  RememberedFrames copy() {
    RememberedFrames copy = new RememberedFrames(change);
    copy.frames.putAll(frames);
    copy.first = first;
    return copy;
  }

  void endOfChunk() {
    first = false;
  }
}
