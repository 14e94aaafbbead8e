package dev.showo2.conformance.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Half the size, then half the number of frames (SPEC 1).
 *
 * @param space 3×3 with stride 2, zeros on the right and below
 * @param time over three frames with stride 2, no padding; none where the number of frames stays
 */
record Downsampling(Convolution space, Optional<Convolution> time) implements VaeLayer {

  @Override
  public List<Frame> apply(List<Frame> frames, Past past) {
    List<Frame> smaller = frames.stream().map(frame -> space.apply(List.of(frame), 2, 0)).toList();
    if (time.isEmpty()) {
      return smaller;
    }
    List<Frame> all = new ArrayList<>(past.recall(this));
    all.addAll(smaller);
    past.remember(this, all.subList(all.size() - 1, all.size()));
    // The very first frame is remembered and not convolved.
    if (past.isFirst()) {
      return smaller;
    }
    List<Frame> fewer = new ArrayList<>();
    for (int t = 0; t + 2 < all.size(); t += 2) {
      fewer.add(time.get().apply(all.get(t), all.get(t + 1), all.get(t + 2)));
    }
    return fewer;
  }
}
