package dev.showo2.media.video;

import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import dev.showo2.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;

/**
 * How FFmpeg is told of a file.
 *
 * <p>The memory is FFmpeg's. What JavaCPP allocates itself, as {@code new BytePointer(...)} and
 * structures that are returned by value, it refuses as soon as the process takes more than four
 * times the heap's limit, and a model on the same process easily does. So nothing here uses that.
 */
final class FfmpegUrl implements AutoCloseable {

  private final BytePointer text;

  private FfmpegUrl(byte[] bytes) {
    text = new BytePointer(av_malloc(bytes.length + 1));
    text.put(bytes, 0, bytes.length);
    text.put(bytes.length, (byte) 0);
  }

  /**
   * @throws InvalidRequestException if the file lies where only Java finds it, such as in an
   *     archive
   */
  static FfmpegUrl of(Path file) {
    if (file.getFileSystem() != FileSystems.getDefault()) {
      throw new InvalidRequestException(
          "FFmpeg reads and writes files of the operating system alone, but "
              + file
              + " is one of "
              + file.getFileSystem().provider().getScheme()
              + "; copy it");
    }
    // Without the protocol a name with a colon would be taken for an address.
    return new FfmpegUrl(("file:" + file.toAbsolutePath()).getBytes(StandardCharsets.UTF_8));
  }

  BytePointer text() {
    return text;
  }

  @Override
  public void close() {
    av_free(text);
  }
}
