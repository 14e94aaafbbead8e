package dev.showo2.model;

public record GenerationDefaults(int steps, float guidanceScale, float timeShift, String solver, int videoLatentFrames, int maxPromptTokens) {
  public final String toString() { throw null; }
  public final int hashCode() { throw null; }
  public final boolean equals(Object o) { throw null; }
}
