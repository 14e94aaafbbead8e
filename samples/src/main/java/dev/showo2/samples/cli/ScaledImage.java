package dev.showo2.samples.cli;

import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.ImageFiles;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An image file of which a model sees the middle in a size of its own, and which could be read to
 * its end. It is scaled to that size while it is read once more: JPEG, PNG without interlacing and
 * BMP files need little memory whatever their size. The model does not change images of that size
 * any more.
 */
final class ScaledImage {

  private final Path file;
  private final BufferedImage checked;
  private final Dimension size;

  private ScaledImage(Path file, BufferedImage checked, Dimension size) {
    this.file = file;
    this.checked = checked;
    this.size = size;
  }

  /**
   * Reads a file to its end: damage is told before a model is opened, which may take long. The
   * pixels of a pipe, which can be read only once, are kept.
   */
  static ScaledImage open(Path file) {
    Interruption.check();
    boolean again = Files.isRegularFile(file);
    return ImageFiles.read(
        file,
        image ->
            new ScaledImage(
                again ? file : null,
                again ? image.readCovering(1, 1) : image.read(),
                new Dimension(image.width(), image.height())));
  }

  /** An image with which a request can be checked before the model's size is known. */
  BufferedImage checked() {
    return checked;
  }

  /** Width and height of the whole image in pixels. */
  Dimension size() {
    return size;
  }

  /** The middle in a size in pixels; all of an image that was kept. */
  BufferedImage covering(int width, int height) {
    Interruption.check();
    return file == null ? checked : ImageDecoder.readCovering(file, width, height);
  }

  /** The middle in the size of some tokens, as in {@link #covering}. */
  BufferedImage covering(Architecture architecture, TokenGrid grid) {
    int unit = architecture.pixelsPerToken();
    return covering(grid.columns() * unit, grid.rows() * unit);
  }

  /** Reads a file, once, in the size of some tokens. */
  static BufferedImage read(Path file, Architecture architecture, TokenGrid grid) {
    return new ScaledImage(file, null, null).covering(architecture, grid);
  }
}
