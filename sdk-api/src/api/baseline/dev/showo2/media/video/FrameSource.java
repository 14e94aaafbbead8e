package dev.showo2.media.video;

public interface FrameSource extends AutoCloseable {
  public static final double DEFAULT_FRAME_RATE = 8.0;
  public abstract java.util.Optional<java.awt.image.BufferedImage> next();
  public default boolean skip() { throw null; }
  public abstract double frameRate();
  public abstract void close();
  public static FrameSource of(java.util.List<java.awt.image.BufferedImage> frames, double frameRate) { throw null; }
}
