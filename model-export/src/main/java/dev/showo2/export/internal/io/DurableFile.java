package dev.showo2.export.internal.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apiguardian.api.API;

/** Small files that are on the disk when their writing ends. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class DurableFile {

  private DurableFile() {}

  /**
   * @param file that does not exist yet
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer remaining = ByteBuffer.wrap(bytes);
      while (remaining.hasRemaining()) {
        channel.write(remaining);
      }
      // As with weights: no power failure may leave an empty file in a folder that is in place.
      channel.force(true);
    }
  }
}
