package dev.showo2.media.video;

public interface FrameSink {
  public abstract void frame(int index, java.awt.image.BufferedImage frame);
  public static FrameSink into(java.util.List<java.awt.image.BufferedImage> frames) { throw null; }
}
