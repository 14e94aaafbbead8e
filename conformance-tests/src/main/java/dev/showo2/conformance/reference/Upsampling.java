package dev.showo2.conformance.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Twice the number of frames, then twice the size (SPEC 1).
 *
 * @param time a causal convolution C → 2C over time; none where the number of frames stays
 * @param space 3×3 that halves the channels
 */
record Upsampling(Optional<CausalConvolution> time, Convolution space) implements VaeLayer {

  @Override
  public List<Frame> apply(List<Frame> frames, Past past) {
    // The first latent frame is neither convolved nor remembered.
    List<Frame> more =
        time.isEmpty() || past.isFirst() ? frames : pairs(time.get().apply(frames, past));
    return more.stream().map(frame -> space.apply(frame.doubled())).toList();
  }

  /** The first half of the channels is the earlier of two frames, the second half the later. */
  private static List<Frame> pairs(List<Frame> frames) {
    List<Frame> pairs = new ArrayList<>();
    for (Frame frame : frames) {
      int half = frame.channels() / 2;
      pairs.add(frame.channels(0, half));
      pairs.add(frame.channels(half, 2 * half));
    }
    return pairs;
  }
}
