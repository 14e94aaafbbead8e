package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/** Frames that are there already. */
final class ListSource implements FrameSource {

  private final List<BufferedImage> frames;
  private final double frameRate;
  private int next;
  private boolean closed;

  ListSource(List<BufferedImage> frames, double frameRate) {
    this.frames = List.copyOf(frames);
    if (frames.isEmpty()) {
      throw new InvalidRequestException("frames: at least one is needed, found none");
    }
    this.frameRate = FrameRates.require(frameRate);
  }

  @Override
  public Optional<BufferedImage> next() {
    if (closed) {
      throw new IllegalStateException("the source of frames is closed");
    }
    return next < frames.size() ? Optional.of(frames.get(next++)) : Optional.empty();
  }

  @Override
  public double frameRate() {
    return frameRate;
  }

  @Override
  public void close() {
    closed = true;
  }
}
