package dev.showo2.export.checkpoint;

import dev.showo2.model.BundleFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;

/**
 * Writes a safetensors file in one pass. The tensors are declared first, then each is streamed in
 * the declared order. The same declarations and values give the same bytes.
 *
 * <p>The values of the first tensor start at a multiple of 64 bytes; the format allows no gaps, so
 * later ones start where the one before ends. Declare wide types first to keep every tensor aligned
 * to its elements.
 *
 * <p>Belongs to one thread. After any failure the file is closed, incomplete, and left for the
 * caller to delete.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SafetensorsWriter implements Closeable {

  private final Path path;
  private final FileChannel channel;
  private final Map<String, TensorInfo> layout;
  private final Iterator<TensorInfo> pending;
  private final MessageDigest digest = Sha256.newDigest();
  private long position;

  private SafetensorsWriter(Path path, FileChannel channel, Map<String, TensorInfo> layout) {
    this.path = path;
    this.channel = channel;
    this.layout = layout;
    this.pending = layout.values().iterator();
  }

  /**
   * Creates the file and writes its header.
   *
   * @param path a file that does not exist yet, in a folder that does
   * @param tensors in the order in which they will lie in the file
   * @param metadata free-form text entries; may be empty
   * @throws IllegalArgumentException if a name is declared twice or the sizes exceed a long
   * @throws IOException if the file exists or cannot be written
   */
  public static SafetensorsWriter create(
      Path path, List<TensorDeclaration> tensors, Map<String, String> metadata) throws IOException {
    SafetensorsLayout layout = SafetensorsLayout.of(tensors, metadata);
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    SafetensorsWriter writer = new SafetensorsWriter(path, channel, layout.tensors());
    try {
      writer.append(layout.header());
      return writer;
    } catch (IOException | RuntimeException | Error e) {
      writer.closeAfter(e);
      throw e;
    }
  }

  /** Where each tensor will lie in the file, in file order; known before any is written. */
  public Map<String, TensorInfo> layout() {
    return layout;
  }

  /**
   * Writes the next tensor.
   *
   * @param name the next in the declared order
   * @param source gives exactly the declared number of bytes
   * @throws IllegalStateException if another tensor comes next, if the source gives too few or too
   *     many bytes, or if the writer is closed
   * @throws IOException if the file cannot be written
   */
  public void write(String name, TensorSource source) throws IOException {
    try {
      requireOpen();
      TensorInfo info = next(name);
      long end = info.offset() + info.byteLength();
      source.writeTo(
          chunk -> {
            if (chunk.remaining() > end - position) {
              throw new IllegalStateException(announced(info) + "more came");
            }
            append(chunk);
          });
      if (position != end) {
        throw new IllegalStateException(announced(info) + (position - info.offset()) + " came");
      }
    } catch (IOException | RuntimeException | Error e) {
      closeAfter(e);
      throw e;
    }
  }

  /**
   * Forces the file to disk and closes it.
   *
   * @return name, size and SHA-256 of the complete file
   * @throws IllegalStateException if a declared tensor was not written or the writer is closed
   * @throws IOException if the file cannot be written
   */
  public BundleFile finish() throws IOException {
    try (this) {
      requireOpen();
      if (pending.hasNext()) {
        throw new IllegalStateException(
            path + ": tensor '" + pending.next().name() + "' was declared but not written");
      }
      channel.force(true);
      return new BundleFile(path.getFileName().toString(), position, Sha256.hex(digest.digest()));
    }
  }

  /** Closes the file, which stays incomplete unless {@link #finish} was called before. */
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void append(ByteBuffer bytes) throws IOException {
    digest.update(bytes.duplicate());
    position += bytes.remaining();
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private TensorInfo next(String name) {
    TensorInfo info = pending.hasNext() ? pending.next() : null;
    if (info == null || !info.name().equals(name)) {
      throw new IllegalStateException(
          path
              + ": tensor '"
              + name
              + "' was written where "
              + (info == null ? "no more was declared" : "'" + info.name() + "' was declared"));
    }
    return info;
  }

  private String announced(TensorInfo info) {
    return path
        + ": tensor '"
        + info.name()
        + "' was declared with "
        + info.byteLength()
        + " bytes, ";
  }

  private void requireOpen() {
    if (!channel.isOpen()) {
      throw new IllegalStateException("the writer of " + path + " is closed");
    }
  }

  private void closeAfter(Throwable failure) {
    try {
      channel.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
