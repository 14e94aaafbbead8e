package dev.showo2.sampler;

public enum Solver {
  EULER, MIDPOINT, HEUN3, RK4, DOPRI5;
  public String id() { throw null; }
  public static Solver ofId(String id) { throw null; }
}
