package dev.showo2.pipeline;

public final class ConversationOptions {
  public static final ConversationOptions DEFAULTS = null;
  ConversationOptions() { super(); throw null; }
  public static ConversationOptions.Builder builder() { throw null; }
  public ConversationOptions.Builder toBuilder() { throw null; }
  public String system() { throw null; }
  public LatentChoice latentChoice() { throw null; }
  public long seed() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public ConversationOptions.Builder system(String system) { throw null; }
    public ConversationOptions.Builder latentChoice(LatentChoice latentChoice) { throw null; }
    public ConversationOptions.Builder seed(long seed) { throw null; }
    public ConversationOptions build() { throw null; }
  }
}
