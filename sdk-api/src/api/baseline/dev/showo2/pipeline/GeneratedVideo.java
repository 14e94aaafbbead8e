package dev.showo2.pipeline;

public record GeneratedVideo(int frames, dev.showo2.tensor.HostTensor latents, long seed, dev.showo2.media.PngText settings) {
  public static final int FRAME_RATE = 8;
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
