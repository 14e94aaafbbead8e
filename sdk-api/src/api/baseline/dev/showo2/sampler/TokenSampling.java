package dev.showo2.sampler;

public final class TokenSampling {
  TokenSampling() { super(); throw null; }
  public static TokenSampling greedy() { throw null; }
  public static TokenSampling.Builder builder() { throw null; }
  public TokenSampling.Builder toBuilder() { throw null; }
  public float temperature() { throw null; }
  public java.util.OptionalInt topK() { throw null; }
  public java.util.OptionalDouble topP() { throw null; }
  public boolean isGreedy() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public TokenSampling.Builder temperature(float temperature) { throw null; }
    public TokenSampling.Builder topK(int topK) { throw null; }
    public TokenSampling.Builder topP(double topP) { throw null; }
    public TokenSampling build() { throw null; }
  }
}
