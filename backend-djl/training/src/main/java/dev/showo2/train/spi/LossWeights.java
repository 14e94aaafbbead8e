package dev.showo2.train.spi;

import org.apiguardian.api.API;

/**
 * Factors of the two losses in their sum (SPEC 10).
 *
 * @param nextToken of the next-token loss; finite, 0 or more
 * @param flow of the flow loss; finite, 0 or more
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record LossWeights(double nextToken, double flow) {

  /**
   * Checks the factors.
   *
   * @param nextToken of the next-token loss
   * @param flow of the flow loss
   * @throws IllegalArgumentException if one is negative or not finite
   */
  public LossWeights {
    if (!(nextToken >= 0 && nextToken < Double.POSITIVE_INFINITY)
        || !(flow >= 0 && flow < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "weights of losses must be finite and not negative, found " + nextToken + " and " + flow);
    }
  }
}
