package dev.showo2.conformance.golden.record;

/** The prompts of the cases of whole tasks; short, so that every model takes them. */
final class Prompts {

  static final String IMAGE = "a big red circle on a white background.";

  static final String CHINESE_IMAGE = "白色背景上面有一个大红色圆形。";

  static final String VIDEO = "a red circle moving to the right.";

  static final String IMAGE_QUESTION = "What is in the image?";

  static final String VIDEO_QUESTION = "What happens in the video?";

  private Prompts() {}
}
