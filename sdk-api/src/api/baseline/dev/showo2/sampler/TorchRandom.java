package dev.showo2.sampler;

public final class TorchRandom {
  public TorchRandom(long seed) { super(); throw null; }
  public float[] normals(int count) { throw null; }
  public double uniform() { throw null; }
}
