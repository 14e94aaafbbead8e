package dev.showo2.train.data;

import org.apiguardian.api.API;

/** Ways to make batches of several loaders. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum LoaderMixing {
  /**
   * Rows of all loaders in each batch, in the order of the loaders; padded to one length and number
   * of images.
   */
  SIDE_BY_SIDE,
  /** Each batch is of one loader, drawn by weight. */
  BY_WEIGHT,
  /** Each batch is of one loader, in turn. */
  IN_TURN
}
