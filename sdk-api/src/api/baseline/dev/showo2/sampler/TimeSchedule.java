package dev.showo2.sampler;

public final class TimeSchedule {
  TimeSchedule() { super(); throw null; }
  public static float[] shifted(int steps, float shift) { throw null; }
  public static float[] shiftedFrom(float start, int steps, float shift) { throw null; }
}
