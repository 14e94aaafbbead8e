package dev.showo2.train.spi;

import org.apiguardian.api.API;

/**
 * The two losses of a micro-batch (SPEC 10).
 *
 * @param nextToken mean over the labels; 0 if there are none
 * @param flow mean over the values of the masked positions; 0 if there are none
 * @param labels number of positions with a label
 * @param positions number of image positions whose velocity counts
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingLosses(double nextToken, double flow, long labels, long positions) {}
