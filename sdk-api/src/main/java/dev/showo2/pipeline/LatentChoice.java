package dev.showo2.pipeline;

import org.apiguardian.api.API;

/** How the latents of an image to be understood are taken from the encoder's distribution. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum LatentChoice {
  /** Drawn with the request's seed, as the released code does. */
  SAMPLE,
  /** Its mean: the same for every seed. */
  MEAN
}
