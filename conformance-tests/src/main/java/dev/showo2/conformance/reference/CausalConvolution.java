package dev.showo2.conformance.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * A convolution over a frame and the two before it. Its past is its own last two inputs, of earlier
 * chunks too, and zeros before the first (SPEC 1).
 */
record CausalConvolution(Convolution convolution) implements VaeLayer {

  private static final int KEPT = 2;

  @Override
  public List<Frame> apply(List<Frame> frames, Past past) {
    List<Frame> all = new ArrayList<>(past.recall(this));
    Frame size = frames.get(0);
    while (all.size() < KEPT) {
      all.add(0, Frame.zeros(size.channels(), size.height(), size.width()));
    }
    all.addAll(frames);
    past.remember(this, all.subList(all.size() - KEPT, all.size()));
    List<Frame> result = new ArrayList<>();
    for (int t = 0; t < frames.size(); t++) {
      result.add(convolution.apply(all.get(t), all.get(t + 1), all.get(t + 2)));
    }
    return result;
  }
}
