package dev.showo2.train.data;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A video of an archive as a file of its own, as FFmpeg needs it. It is deleted when this closes.
 *
 * @param file temporary
 */
record SpooledVideo(Path file) implements AutoCloseable {

  /**
   * Writes the file into the folder of temporary files.
   *
   * @throws IOException if the archive cannot be read
   * @throws UncheckedIOException if the file cannot be written: no fault of the archive
   */
  static SpooledVideo of(ExampleMedia.OfBytes video) throws IOException {
    return of(video, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /**
   * @param folder of the file
   */
  static SpooledVideo of(ExampleMedia.OfBytes video, Path folder) throws IOException {
    SpooledVideo spooled = new SpooledVideo(temporary(folder));
    try {
      try (OutputStream out = new Output(spooled.file())) {
        video.bytes().copyTo(out);
      }
      return spooled;
    } catch (IOException | RuntimeException | Error e) {
      try (spooled) {
        throw e;
      }
    }
  }

  private static Path temporary(Path folder) {
    try {
      return Files.createTempFile(folder, "showo2-video-", "");
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot make a temporary file for a video: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }

  /** Tells failures to write from those to read. */
  private static final class Output extends FilterOutputStream {

    private final Path file;

    Output(Path file) throws IOException {
      super(Files.newOutputStream(file));
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "cannot write the video " + file + ": " + e.getMessage() + "; make room there", e);
      }
    }
  }
}
