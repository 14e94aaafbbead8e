package dev.showo2.pipeline;

public final class ScoringPrompt {
  public static final String PROMPT = "{prompt}";
  public static final ScoringPrompt DEFAULT = null;
  ScoringPrompt() { super(); throw null; }
  public static ScoringPrompt of(String question, String answer) { throw null; }
  public static ScoringPrompt promptAsAnswer(String question) { throw null; }
  public static ScoringPrompt yes(String question) { throw null; }
  public String question() { throw null; }
  public String answer() { throw null; }
  public boolean equals(Object other) { throw null; }
  public int hashCode() { throw null; }
  public String toString() { throw null; }
}
