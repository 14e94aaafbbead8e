package dev.showo2.pipeline;

public final class BestOfRequest {
  public static final int MOST_CANDIDATES = 256;
  BestOfRequest() { super(); throw null; }
  public static BestOfRequest of(TextToImageRequest image, int candidates) { throw null; }
  public static BestOfRequest.Builder builder(TextToImageRequest image, int candidates) { throw null; }
  public BestOfRequest.Builder toBuilder() { throw null; }
  public TextToImageRequest image() { throw null; }
  public int candidates() { throw null; }
  public ScoringPrompt judgment() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static final class Builder {
    Builder() { super(); throw null; }
    public BestOfRequest.Builder judgment(ScoringPrompt judgment) { throw null; }
    public BestOfRequest build() { throw null; }
  }
}
