package dev.showo2.demo.world;

import org.apiguardian.api.API;

/**
 * A question about an image.
 *
 * @param image the image, a path inside the demo folder
 * @param answer the true answer
 * @param referenceAnswer what the official code answered, not always the truth
 * @param shown what the image shows
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record ImageQuestion(
    String image, String question, String answer, String referenceAnswer, Attributes shown) {}
