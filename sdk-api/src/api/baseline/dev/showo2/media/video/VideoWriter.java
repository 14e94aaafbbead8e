package dev.showo2.media.video;

public final class VideoWriter implements FrameSink, AutoCloseable {
  VideoWriter() { super(); throw null; }
  public static VideoWriter create(java.nio.file.Path file) { throw null; }
  public static VideoWriter create(java.nio.file.Path file, double frameRate) { throw null; }
  public static void write(Iterable<java.awt.image.BufferedImage> frames, double frameRate, java.nio.file.Path file) { throw null; }
  public void frame(int index, java.awt.image.BufferedImage frame) { throw null; }
  public void finish() { throw null; }
  public void close() { throw null; }
}
