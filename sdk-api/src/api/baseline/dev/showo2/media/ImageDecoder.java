package dev.showo2.media;

public final class ImageDecoder {
  public static final long MAX_PIXELS = 100000000L;
  ImageDecoder() { super(); throw null; }
  public static java.awt.image.BufferedImage read(java.nio.file.Path file) { throw null; }
  public static java.awt.image.BufferedImage readCovering(java.nio.file.Path file, int width, int height) { throw null; }
  public static java.awt.image.BufferedImage readMask(java.nio.file.Path file) { throw null; }
  public static java.awt.image.BufferedImage decode(byte[] bytes, String origin) { throw null; }
}
