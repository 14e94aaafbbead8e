package dev.showo2.pipeline;

public record GeneratedText(String text, int[] ids, GeneratedText.Finish finish) {
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
  public static enum Finish {
    STOP_TOKEN, STOP_SEQUENCE, MAX_TOKENS;
  }
}
