package dev.showo2.pipeline;

import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import org.apiguardian.api.API;

/**
 * An image that the model drew.
 *
 * @param image 8-bit RGB
 * @param latents [1, C, 1, h, w] that it was decoded from; not to be written to
 * @param seed seed of the noise, unless the request brought initial latents; {@link
 *     Long#toUnsignedString} gives it as the settings and torch show it
 * @param settings all that draws it again: prompt, seed, steps, guidance scale, solver, time shift,
 *     model, backend; initial latents, an image and a mask are mentioned, not kept
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public record GeneratedImage(BufferedImage image, HostTensor latents, long seed, PngText settings) {

  /**
   * Encodes the image as a PNG file that carries its settings.
   *
   * @return the file's bytes
   */
  public byte[] toPng() {
    return PngWriter.encode(image, settings);
  }

  /**
   * Writes the image as a PNG file that carries its settings. The file appears complete or not at
   * all.
   *
   * @param file one that exists is replaced
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void savePng(Path file) {
    PngWriter.write(image, settings, file);
  }
}
