package dev.showo2.model;

public record SpecialTokens(int bos, int eos, int boi, int eoi, int bov, int eov, int imagePad, int videoPad, int pad) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
