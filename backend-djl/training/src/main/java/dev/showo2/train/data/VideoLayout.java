package dev.showo2.train.data;

import org.apiguardian.api.API;

/** The ways in which a video of a conversation stands in a row. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum VideoLayout {
  /**
   * Frames as video understanding asks about them (SPEC 8): each is encoded as an image, its tokens
   * are resized to the model's grid for video understanding, and image tokens surround all of them.
   */
  FRAMES,
  /**
   * A clip as videos to make and captions have it: the VAE joins frames in time, and video tokens
   * surround them. No task of inference asks about a clip.
   */
  CLIP
}
