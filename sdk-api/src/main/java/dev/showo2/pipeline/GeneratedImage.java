package dev.showo2.pipeline;

import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * An image that was drawn.
 *
 * @param image 8-bit RGB
 * @param latents [1, C, 1, h, w] that it was decoded from
 * @param seed of the noise, unless the request brought noise of its own
 * @param settings everything that would draw it again: prompt, seed, steps, guidance scale, solver,
 *     time shift, model, backend; noise of the request's own is mentioned, not kept
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record GeneratedImage(BufferedImage image, HostTensor latents, long seed, PngText settings) {

  /** The image as a PNG file that carries its settings. */
  public byte[] toPng() {
    return PngWriter.encode(image, settings);
  }

  /**
   * Writes the image as a PNG file that carries its settings. The file appears complete or not at
   * all.
   *
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void savePng(Path file) {
    PngWriter.write(image, settings, file);
  }
}
