package dev.showo2.train.data;

import dev.showo2.tensor.HostTensor;
import java.util.List;
import java.util.Optional;

/**
 * An image or video that is read but not encoded, or found in the cache; or one of which a teacher
 * has features.
 *
 * @param pixels [1, 3, frames, height, width]; empty if encoded
 * @param key under which the encoded image is kept; empty if it is not
 * @param encoded mean and log-variance, [1, C, T, h, w], or features [L, E]; empty if not known
 * @param blank true if there is no image in the file, but one for its slot
 */
record PreparedImage(
    Optional<HostTensor> pixels,
    Optional<String> key,
    Optional<List<HostTensor>> encoded,
    boolean blank) {

  /** No image, in whose slot a black one stands. */
  static final PreparedImage BLANK =
      new PreparedImage(Optional.empty(), Optional.empty(), Optional.empty(), true);
}
