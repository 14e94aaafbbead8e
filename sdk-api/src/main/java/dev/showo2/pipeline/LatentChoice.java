package dev.showo2.pipeline;

import org.apiguardian.api.API;

/** Choice of the latents of an image to be understood from the encoder's distribution. */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum LatentChoice {
  /** A sample, drawn with the request's seed, as in the released code. */
  SAMPLE,
  /** The mean, which is the same for every seed. */
  MEAN
}
