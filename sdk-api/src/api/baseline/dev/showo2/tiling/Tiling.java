package dev.showo2.tiling;

public final class Tiling {
  public static final Tiling AUTOMATIC = null;
  public static final Tiling ALWAYS = null;
  public static final Tiling NEVER = null;
  Tiling() { super(); throw null; }
  public static Tiling of(Tiling.Use use) { throw null; }
  public Tiling withTiles(int tile, int overlap) { throw null; }
  public Tiling.Use use() { throw null; }
  public int tile() { throw null; }
  public int overlap() { throw null; }
  public dev.showo2.spi.Backend wrap(dev.showo2.spi.Backend backend) { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static enum Use {
    NEVER, AUTOMATIC, ALWAYS;
  }
}
