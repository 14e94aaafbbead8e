package dev.showo2.export.internal.io;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apiguardian.api.API;

/** An untrusted file, read at any position; every failure names it. Thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class CheckpointFile implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private CheckpointFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  public static CheckpointFile open(Path path) {
    Placeholder.refuse(path);
    if (!Files.isRegularFile(path)) {
      throw new InvalidModelException("no checkpoint file at " + path);
    }
    try {
      return new CheckpointFile(path, FileChannel.open(path, StandardOpenOption.READ));
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> unreadable(path, e));
    }
  }

  public Path path() {
    return path;
  }

  /** The size when the file was opened. */
  public long size() {
    return size;
  }

  public ByteBuffer read(long position, int length) {
    if (position < 0 || length < 0 || position > size - length) {
      throw invalid(
          length + " bytes are expected at byte " + position + ", but the file has " + size);
    }
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    read(position, bytes);
    return bytes.flip();
  }

  /** Fills the buffer from its position to its limit. */
  public void read(long position, ByteBuffer destination) {
    long start = position - destination.position();
    try {
      while (destination.hasRemaining()) {
        if (channel.read(destination, start + destination.position()) < 0) {
          throw invalid("it ends at byte " + (start + destination.position()) + ", too early");
        }
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> unreadable(path, e));
    }
  }

  public ByteBuffer map(long position, long length) {
    try {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, position, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> unreadable(path, e));
    }
  }

  /**
   * @param what is wrong, a clause without an end
   */
  public InvalidModelException invalid(String what) {
    return new InvalidModelException(
        path
            + ": "
            + what
            + "; the file is damaged or was not written by torch.save, get it again from its"
            + " source");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> unreadable(path, e));
    }
  }

  private static RuntimeException unreadable(Path path, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return new CancelledException("interrupted while reading " + path, e);
    }
    if (e instanceof ClosedChannelException) {
      return new IllegalStateException(path + " was closed before this reading", e);
    }
    return new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e);
  }
}
