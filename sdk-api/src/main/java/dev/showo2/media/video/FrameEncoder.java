package dev.showo2.media.video;

import java.awt.image.BufferedImage;
import java.io.IOException;

/** Writes frames in one format. All have the size of the first one. */
interface FrameEncoder extends AutoCloseable {

  void add(BufferedImage frame) throws IOException;

  /** Writes what is still to come. Nothing is added any more. */
  void finish() throws IOException;

  @Override
  void close() throws IOException;
}
