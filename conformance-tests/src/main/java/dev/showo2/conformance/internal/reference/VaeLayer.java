package dev.showo2.conformance.internal.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A part of the VAE: the frames of one chunk to frames. */
@FunctionalInterface
interface VaeLayer {

  /**
   * @param remembered frames of earlier chunks; takes those of this chunk
   */
  List<Frame> apply(List<Frame> frames, RememberedFrames remembered);

  /** A layer that treats each frame alone. */
  static VaeLayer eachFrame(UnaryOperator<Frame> change) {
    return (frames, remembered) -> frames.stream().map(change).toList();
  }

  /** One after the other. */
  static VaeLayer sequence(List<VaeLayer> layers) {
    List<VaeLayer> inOrder = List.copyOf(layers);
    return (frames, remembered) -> {
      List<Frame> x = frames;
      for (VaeLayer layer : inOrder) {
        x = layer.apply(x, remembered);
      }
      return x;
    };
  }

  /** The two added, frame by frame. */
  static VaeLayer sum(VaeLayer one, VaeLayer other) {
    return (frames, remembered) -> {
      List<Frame> left = one.apply(frames, remembered);
      List<Frame> right = other.apply(frames, remembered);
      List<Frame> sum = new ArrayList<>();
      for (int i = 0; i < left.size(); i++) {
        sum.add(left.get(i).plus(right.get(i)));
      }
      return sum;
    };
  }
}
