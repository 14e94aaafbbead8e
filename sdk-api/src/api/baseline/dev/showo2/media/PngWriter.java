package dev.showo2.media;

public final class PngWriter {
  PngWriter() { super(); throw null; }
  public static byte[] encode(java.awt.image.BufferedImage image, PngText text) { throw null; }
  public static void write(java.awt.image.BufferedImage image, PngText text, java.nio.file.Path file) { throw null; }
}
