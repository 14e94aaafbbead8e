package dev.showo2.text;

public final class TextTokenizer implements AutoCloseable {
  TextTokenizer() { super(); throw null; }
  public static TextTokenizer load(java.nio.file.Path tokenizerJson) { throw null; }
  public int[] encode(String text) { throw null; }
  public int[] encodePlain(String text) { throw null; }
  public String decode(int[] ids, boolean skipSpecial) { throw null; }
  public int id(String token) { throw null; }
  public int vocabularySize() { throw null; }
  public dev.showo2.model.SpecialTokens specialTokens() { throw null; }
  public void close() { throw null; }
}
