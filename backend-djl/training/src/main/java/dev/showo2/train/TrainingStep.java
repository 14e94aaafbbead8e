package dev.showo2.train;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * A step of a run: one update of the weights.
 *
 * @param number of updates made with it, from 1
 * @param total updates of the whole run
 * @param losses by name, such as "next_token" and "flow", or "distillation": means over the
 *     micro-batches, before they are weighed
 * @param loss weighed sum of the losses
 * @param norm of the gradients before clipping
 * @param rates of the parameter groups, as the update used them
 * @param labels positions with a label, over all micro-batches
 * @param positions image positions whose velocity counted or that have features of a teacher, over
 *     all micro-batches
 * @param rows of all micro-batches
 * @param took time of the step, with its data
 * @param remaining time until the end of the run at the rate of the last steps
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record TrainingStep(
    long number,
    long total,
    Map<String, Double> losses,
    double loss,
    double norm,
    List<Double> rates,
    long labels,
    long positions,
    long rows,
    Duration took,
    Duration remaining) {}
