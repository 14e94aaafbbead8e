package dev.showo2.pipeline;

public final class TextOptions {
  public static final int DEFAULT_MAX_TOKENS = 300;
  public static final TextOptions DEFAULTS = null;
  TextOptions() { super(); throw null; }
  public static TextOptions.Builder builder() { throw null; }
  public TextOptions.Builder toBuilder() { throw null; }
  public int maxTokens() { throw null; }
  public dev.showo2.sampler.TokenSampling sampling() { throw null; }
  public float repetitionPenalty() { throw null; }
  public java.util.List<String> stopSequences() { throw null; }
  public long seed() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder extends TextRequestBuilder<TextOptions.Builder> {
    Builder() { throw null; }
    public TextOptions build() { throw null; }
  }
}
