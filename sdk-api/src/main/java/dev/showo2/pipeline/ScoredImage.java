package dev.showo2.pipeline;

import org.apiguardian.api.API;

/**
 * An image with the score that the model gives it.
 *
 * @param image the image
 * @param score mean log-probability in nats, at most 0; higher is better. Scores of one request
 *     compare, those of different prompts do not
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record ScoredImage(GeneratedImage image, double score) {}
