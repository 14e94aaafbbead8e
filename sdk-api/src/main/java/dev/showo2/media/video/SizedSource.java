package dev.showo2.media.video;

/** A source that states its number of frames without decoding them. */
interface SizedSource extends FrameSource {

  /** The number of frames that the file states, which may be wrong; 0 if it states none. */
  long claimedFrames();
}
