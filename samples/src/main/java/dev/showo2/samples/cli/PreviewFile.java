package dev.showo2.samples.cli;

import dev.showo2.media.PngText;
import dev.showo2.pipeline.Preview;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The file that shows previews.
 *
 * @param every steps from one to the next
 */
record PreviewFile(Path file, int every) {

  /** A preview has a pixel for each latent; so its size becomes that of the result. */
  private static final int SCALE = 8;

  /** Replaces the preview before; the frames of a video are side by side. */
  void show(Preview preview) {
    List<BufferedImage> frames = preview.frames();
    int width = preview.image().getWidth() * SCALE;
    int height = preview.image().getHeight() * SCALE;
    BufferedImage shown =
        new BufferedImage(width * frames.size(), height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < shown.getWidth(); x++) {
      BufferedImage frame = frames.get(x / width);
      for (int y = 0; y < height; y++) {
        shown.setRGB(x, y, frame.getRGB(x % width / SCALE, y / SCALE));
      }
    }
    try {
      ImageFile.write(shown, PngText.NONE, file);
    } catch (IOException e) {
      throw new UncheckedIOException("the preview cannot be written: " + e.getMessage(), e);
    }
  }
}
