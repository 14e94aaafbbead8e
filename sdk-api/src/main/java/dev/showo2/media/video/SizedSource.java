package dev.showo2.media.video;

/** A source that has heard how many frames it holds without decoding them. */
interface SizedSource extends FrameSource {

  /** What the file says of itself, which need not be true; 0 if it says nothing. */
  long claimedFrames();
}
