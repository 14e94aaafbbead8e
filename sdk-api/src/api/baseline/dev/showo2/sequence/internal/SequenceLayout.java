package dev.showo2.sequence.internal;

public final class SequenceLayout {
  public static final float TIME_BESIDE_IMAGE = 1.0f;
  public static final float TIME_BEFORE_TEXT = 0.0f;
  public SequenceLayout(dev.showo2.model.SpecialTokens tokens, dev.showo2.text.internal.ChatTemplate template) { super(); throw null; }
  public Segment imagePrefix(int[] prompt) { throw null; }
  public Segment videoPrefix(int[] prompt) { throw null; }
  public Segment storyPrefix(int[] prompt) { throw null; }
  public Segment finishedImage(float time, int visual, int imageTokens) { throw null; }
  public java.util.List<Segment> imageUnderstanding(int imageTokens, int[] question) { throw null; }
  public java.util.List<Segment> videoUnderstanding(int frames, int frameTokens, int imageTokens, int[] question) { throw null; }
  public int[] opening() { throw null; }
  public int[] closing() { throw null; }
  public java.util.List<Segment> turn(int[] before, java.util.List<VisualTokens> visuals, int[] question) { throw null; }
  public TokenRow textToImageRow(int[] prompt, int spanLength, int maxPromptTokens) { throw null; }
}
