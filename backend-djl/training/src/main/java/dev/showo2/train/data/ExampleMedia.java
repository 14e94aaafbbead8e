package dev.showo2.train.data;

import dev.showo2.media.video.FrameSource;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * An image or a video of an example: a file, the bytes of one, or images in memory. Nothing is read
 * before it is needed. Immutable and thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public sealed interface ExampleMedia {

  /**
   * A file.
   *
   * @param path of an image or a video
   */
  record OfFile(Path path) implements ExampleMedia {}

  /**
   * A file within another, such as an archive.
   *
   * @param name for messages; its ending says nothing
   * @param bytes reads the whole file
   */
  record OfBytes(String name, Reader bytes) implements ExampleMedia {}

  /**
   * Images in memory: one, or the frames of a video.
   *
   * @param frames in their order
   * @param frameRate in frames a second; without effect on one image
   */
  record OfImages(List<BufferedImage> frames, double frameRate) implements ExampleMedia {}

  /** Reads bytes. */
  @FunctionalInterface
  interface Reader {

    /**
     * Reads all bytes.
     *
     * @return a new array
     * @throws IOException if that fails
     */
    byte[] read() throws IOException;

    /**
     * Copies all bytes; override it to have fewer of them in memory.
     *
     * @param out written to, and left open
     * @throws IOException if that fails
     */
    default void copyTo(OutputStream out) throws IOException {
      out.write(read());
    }
  }

  /**
   * A file, read when needed.
   *
   * @param path of an image or a video
   * @return it
   */
  static ExampleMedia of(Path path) {
    return new OfFile(Objects.requireNonNull(path, "path"));
  }

  /**
   * An image in memory.
   *
   * @param image not written to
   * @return it
   */
  static ExampleMedia of(BufferedImage image) {
    return of(List.of(image), FrameSource.DEFAULT_FRAME_RATE);
  }

  /**
   * A video in memory.
   *
   * @param frames not written to
   * @param frameRate in frames a second
   * @return it
   */
  static ExampleMedia of(List<BufferedImage> frames, double frameRate) {
    return new OfImages(List.copyOf(frames), frameRate);
  }

  /**
   * Returns what messages call it.
   *
   * @return a path or name
   */
  default String name() {
    if (this instanceof OfFile file) {
      return file.path().toString();
    }
    return this instanceof OfBytes bytes ? bytes.name() : "image in memory";
  }
}
