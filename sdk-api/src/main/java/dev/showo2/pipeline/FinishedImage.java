package dev.showo2.pipeline;

import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import org.apiguardian.api.API;

/**
 * A decoded image; others of its request may follow.
 *
 * @param index index of the image within its request, from 0
 * @param image 8-bit RGB
 * @param latents [1, C, 1, h, w] that it was decoded from; not to be written to
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record FinishedImage(int index, BufferedImage image, HostTensor latents) {}
