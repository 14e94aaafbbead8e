package dev.showo2.media.video;

import dev.showo2.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;

/** How FFmpeg is told of a file. */
final class FfmpegUrl {

  private FfmpegUrl() {}

  /**
   * @return to be closed
   * @throws InvalidRequestException if the file lies where only Java finds it, such as in an
   *     archive
   */
  static BytePointer of(Path file) {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      throw new InvalidRequestException(
          "FFmpeg reads and writes files of the operating system alone, but "
              + file
              + " is one of "
              + file.getFileSystem().provider().getScheme()
              + "; copy it");
    }
    // Without the protocol a name with a colon would be taken for an address.
    return new BytePointer("file:" + file.toAbsolutePath(), StandardCharsets.UTF_8);
  }
}
