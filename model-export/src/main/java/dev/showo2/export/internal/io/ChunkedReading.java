package dev.showo2.export.internal.io;

import dev.showo2.model.SafetensorsWriter.TensorSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apiguardian.api.API;

/** Hands bytes from a file to a sink through one buffer of limited size. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class ChunkedReading {

  private ChunkedReading() {}

  /** Fills a buffer with the bytes that start at a position. */
  @FunctionalInterface
  public interface Reader {
    void read(long position, ByteBuffer destination);
  }

  /** Streams {@code length} bytes from position 0 on. */
  public static void stream(long length, Reader reader, TensorSink sink) throws IOException {
    int capacity = (int) Math.min(TensorSink.MAX_CHUNK_BYTES, length);
    ByteBuffer chunk = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    for (long done = 0; done < length; done += capacity) {
      chunk.clear().limit((int) Math.min(capacity, length - done));
      reader.read(done, chunk);
      sink.accept(chunk.flip());
    }
  }
}
