package dev.showo2.pipeline;

public enum Task {
  TEXT_TO_IMAGE, IMAGE_TO_IMAGE, TEXT_TO_VIDEO, IMAGE_TO_VIDEO, IMAGE_UNDERSTANDING, VIDEO_UNDERSTANDING, STORY, CHAT, BEST_OF;
  public String toString() { throw null; }
}
