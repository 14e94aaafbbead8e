package dev.showo2.media.video;

import dev.showo2.media.PngText;
import dev.showo2.media.PngWriter;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A folder of PNG images: frame-0001.png and so on. */
final class PngFolderEncoder implements FrameEncoder {

  private final Path folder;
  private int count;

  PngFolderEncoder(Path folder) throws IOException {
    this.folder = Files.createDirectory(folder);
  }

  @Override
  public void add(BufferedImage frame) throws IOException {
    String name = String.format(Locale.ROOT, "frame-%04d.png", ++count);
    Files.write(folder.resolve(name), PngWriter.encode(frame, PngText.NONE));
  }

  @Override
  public void finish() {
    // Every image is a whole file already.
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
