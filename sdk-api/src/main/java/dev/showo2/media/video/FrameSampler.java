package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.internal.FrameSampling;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes frames that are spread evenly, with no more frames in memory than are taken. How many there
 * are in all is known only at the end of a video: if the file says a number, the frames are taken
 * on trust while they are counted, and taken anew if it was wrong.
 */
final class FrameSampler<T> {

  private final int count;
  private final Function<? super BufferedImage, ? extends T> convert;

  FrameSampler(int count, Function<? super BufferedImage, ? extends T> convert) {
    this.count = count;
    this.convert = convert;
  }

  List<T> sample(Supplier<? extends FrameSource> video) {
    int claimed = 0;
    int found;
    try (FrameSource source = video.get()) {
      if (source instanceof SizedSource sized && sized.claimedFrames() <= VideoReader.MAX_FRAMES) {
        claimed = (int) sized.claimedFrames();
      }
      List<T> taken = new ArrayList<>();
      found = take(source, claimed, taken);
      if (found == claimed && found > 0) {
        return taken;
      }
    }
    if (found == 0) {
      throw new InvalidRequestException("the video has no frames; at least one is needed");
    }
    try (FrameSource source = video.get()) {
      List<T> taken = new ArrayList<>();
      int again = take(source, found, taken);
      if (again != found) {
        throw new InvalidRequestException(
            "the video had "
                + found
                + " frames at first and then "
                + again
                + "; do not change it while it is read");
      }
      return taken;
    }
  }

  /**
   * @param expected frames in all; if 0, none is taken
   * @return how many there are
   */
  private int take(FrameSource source, int expected, List<T> taken) {
    int[] wanted = expected > 0 ? FrameSampling.evenly(expected, count) : new int[0];
    int index = 0;
    while (true) {
      if (taken.size() < wanted.length && wanted[taken.size()] == index) {
        Optional<BufferedImage> frame = source.next();
        if (frame.isEmpty()) {
          return index;
        }
        T result = convert.apply(frame.get());
        while (taken.size() < wanted.length && wanted[taken.size()] == index) {
          taken.add(result);
        }
      } else if (!source.skip()) {
        return index;
      }
      index++;
    }
  }
}
