package dev.showo2.media;

public final class Outpainting {
  Outpainting() { super(); throw null; }
  public java.awt.image.BufferedImage image() { throw null; }
  public java.awt.image.BufferedImage mask() { throw null; }
  public static Outpainting around(java.awt.image.BufferedImage image, int left, int top, int right, int bottom) { throw null; }
}
