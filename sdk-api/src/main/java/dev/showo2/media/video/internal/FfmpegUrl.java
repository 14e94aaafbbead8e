package dev.showo2.media.video.internal;

import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import dev.showo2.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.apiguardian.api.API;
import org.bytedeco.javacpp.BytePointer;

/**
 * The address of a file for FFmpeg.
 *
 * <p>The memory is allocated by FFmpeg. JavaCPP refuses allocations of its own, such as {@code new
 * BytePointer(...)} and structures returned by value, while the process takes more than four times
 * the heap's limit, which a model in the same process easily exceeds.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FfmpegUrl implements AutoCloseable {

  private final BytePointer text;

  private FfmpegUrl(byte[] bytes) {
    text = new BytePointer(av_malloc(bytes.length + 1));
    text.put(bytes, 0, bytes.length);
    text.put(bytes.length, (byte) 0);
  }

  /**
   * Makes the address of a file.
   *
   * @param file of the operating system
   * @return its address, to be closed by the caller
   * @throws InvalidRequestException if the file is located in a file system of Java alone, such as
   *     an archive
   */
  public static FfmpegUrl of(Path file) {
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

  /** {@return the address with a final zero; valid until this object is closed} */
  public BytePointer text() {
    return text;
  }

  @Override
  public void close() {
    av_free(text);
  }
}
