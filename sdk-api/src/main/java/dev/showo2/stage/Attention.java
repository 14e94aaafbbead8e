package dev.showo2.stage;

import org.apiguardian.api.API;

/**
 * The attention between the positions of one segment. Show-o2's omni-attention is causal for text
 * and full inside an image; because images are contiguous, a sequence is a list of segments and no
 * general mask is needed (SPEC 4).
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Attention {
  /** Each position sees everything before the segment, and in it the positions up to itself. */
  CAUSAL,
  /** Each position sees everything before the segment and the whole segment. */
  FULL
}
