package dev.showo2.conformance.reference;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What each layer of the autoencoder keeps of the frames that one sample has had so far. */
final class Past {

  private final Map<VaeLayer, List<Frame>> frames = new IdentityHashMap<>();
  private boolean first = true;

  /** Whether this is the first chunk of the video, or a single image. */
  boolean isFirst() {
    return first;
  }

  /** What the layer remembered last; nothing in the first chunk. */
  List<Frame> recall(VaeLayer layer) {
    return frames.getOrDefault(layer, List.of());
  }

  void remember(VaeLayer layer, List<Frame> last) {
    frames.put(layer, List.copyOf(last));
  }

  /** For the next chunk: what is remembered there does not change this. */
  Past copy() {
    Past copy = new Past();
    copy.frames.putAll(frames);
    copy.first = first;
    return copy;
  }

  void endOfChunk() {
    first = false;
  }
}
