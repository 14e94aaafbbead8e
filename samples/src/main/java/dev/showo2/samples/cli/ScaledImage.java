package dev.showo2.samples.cli;

import dev.showo2.media.ImageDecoder;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/**
 * Image files of which a model sees the middle in a size of its own. They are scaled to it while
 * they are read, which needs little memory whatever their size; the model does not change images of
 * that size any more.
 */
final class ScaledImage {

  private ScaledImage() {}

  /**
   * Reads a file to its end: damage is told before a model is opened, which may take long.
   *
   * @return an image of one pixel, with which a request can be checked before the model's size is
   *     known
   */
  static BufferedImage check(Path file) {
    Interruption.check();
    return ImageDecoder.readCovering(file, 1, 1);
  }

  /** Reads a file in the size of some tokens. */
  static BufferedImage read(Path file, Architecture architecture, TokenGrid grid) {
    Interruption.check();
    int unit = architecture.pixelsPerToken();
    return ImageDecoder.readCovering(file, grid.columns() * unit, grid.rows() * unit);
  }
}
