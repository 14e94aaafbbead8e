package dev.showo2.media.video;

public final class VideoReader {
  public static final int MAX_FRAMES = 200000;
  public static final long MAX_PIXELS = 35389440L;
  VideoReader() { super(); throw null; }
  public static FrameSource open(java.nio.file.Path file) { throw null; }
  public static java.util.List<java.awt.image.BufferedImage> sample(java.nio.file.Path file, int count) { throw null; }
  public static <T> java.util.List<T> sample(java.util.function.Supplier<? extends FrameSource> video, int count, java.util.function.Function<? super java.awt.image.BufferedImage, ? extends T> convert) { throw null; }
}
