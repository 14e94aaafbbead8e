package dev.showo2.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.showo2.model.internal.Sha256;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * Writes a safetensors file in one pass; {@link SafetensorsFile} reads it. All tensors are declared
 * first, then the values of each are streamed in the declared order. The same declarations and
 * values give the same bytes.
 *
 * <pre>{@code
 * TensorDeclaration scale = new TensorDeclaration("scale", ElementType.FLOAT32, Shape.of(1));
 * try (SafetensorsWriter writer = SafetensorsWriter.create(path, List.of(scale), Map.of())) {
 *   writer.write("scale", sink -> sink.accept(littleEndianBytes));
 *   writer.finish();
 * }
 * }</pre>
 *
 * <p>The values of the first tensor start at a multiple of 64 bytes. The format allows no gaps, so
 * later tensors start at the end of the preceding one. Declare wide types first to keep every
 * tensor aligned to its element size.
 *
 * <p>Not thread-safe. After any failure the file is closed and incomplete, and the caller deletes
 * it.
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
   * @param tensors in the order in which they are stored
   * @param metadata free-form text entries of the header; may be empty
   * @return the writer, which the caller closes
   * @throws IllegalArgumentException if a name is declared twice or the sizes exceed a long
   * @throws IOException if the file exists or cannot be written
   */
  public static SafetensorsWriter create(
      Path path, List<TensorDeclaration> tensors, Map<String, String> metadata) throws IOException {
    Layout layout = Layout.of(tensors, metadata);
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

  /**
   * The byte range of each tensor, known before any is written.
   *
   * @return all declared tensors by name, in file order; unmodifiable
   */
  public Map<String, TensorInfo> layout() {
    return layout;
  }

  /**
   * Writes the next tensor.
   *
   * @param name the next in the declared order
   * @param source writes exactly the declared number of bytes
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

  /**
   * Closes the file, which stays incomplete unless {@link #finish} was called before. A second call
   * does nothing.
   *
   * @throws IOException if the file cannot be closed
   */
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

  /**
   * Name, type and shape of a tensor to be written by the writer.
   *
   * @param name any text but the empty one and {@code __metadata__}
   * @param type the storage type of the elements
   * @param shape the dimensions, outermost first
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  public record TensorDeclaration(String name, ElementType type, Shape shape) {

    /**
     * Validates the name and the size.
     *
     * @param name any text but the empty one and {@code __metadata__}
     * @param type the storage type of the elements
     * @param shape the dimensions, outermost first
     * @throws IllegalArgumentException if the name is empty or reserved, or if the size in bytes
     *     exceeds a long
     */
    public TensorDeclaration {
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(shape, "shape");
      if (name.isEmpty() || name.equals("__metadata__")) {
        throw new IllegalArgumentException("a tensor cannot be named '" + name + "'");
      }
      if (Math.multiplyHigh(shape.elementCount(), type.byteSize()) != 0
          || shape.elementCount() * type.byteSize() < 0) {
        throw new IllegalArgumentException(
            "tensor '" + name + "' " + shape + " of " + type + " is larger than any file");
      }
    }

    /**
     * The size of the values.
     *
     * @return elements times bytes per element
     */
    public long byteLength() {
      return shape.elementCount() * type.byteSize();
    }
  }

  /**
   * Producer of the values of one tensor, chunk by chunk; the counterpart of {@link TensorSink}.
   */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  @FunctionalInterface
  public interface TensorSource {

    /**
     * Passes all values to the sink, in chunks as {@link TensorSink#accept} requires.
     *
     * @param sink called on the calling thread, at least once unless the tensor is empty
     * @throws IOException if the sink throws it
     */
    void writeTo(TensorSink sink) throws IOException;
  }

  /** Consumer of the values of one tensor, chunk by chunk. */
  @API(status = API.Status.EXPERIMENTAL, since = "0.1")
  @FunctionalInterface
  public interface TensorSink {

    /** The size limit of a chunk, which keeps memory independent of the size of the tensor. */
    int MAX_CHUNK_BYTES = 1 << 20;

    /**
     * Consumes the next values. All chunks in order are the tensor: little-endian, row-major,
     * without gaps.
     *
     * @param chunk 1 to {@link #MAX_CHUNK_BYTES} bytes between position and limit, whole elements,
     *     in little-endian byte order; valid only during the call, its contents may be overwritten
     *     later
     * @throws IOException if the values cannot be stored where they should go; ends the reading
     */
    void accept(ByteBuffer chunk) throws IOException;
  }

  /** The header of the file and the range that it gives to each tensor. */
  private record Layout(ByteBuffer header, Map<String, TensorInfo> tensors) {

    /** The format asks for 8. A cache line lets engines map the values without copying. */
    private static final int ALIGNMENT = 64;

    private static final int LENGTH_BYTES = 8;

    static Layout of(List<TensorDeclaration> declarations, Map<String, String> metadata) {
      JsonObject root = new JsonObject();
      if (!metadata.isEmpty()) {
        JsonObject texts = new JsonObject();
        metadata.forEach(texts::addProperty);
        root.add("__metadata__", texts);
      }
      long end = 0;
      for (TensorDeclaration declaration : declarations) {
        if (root.has(declaration.name())) {
          throw new IllegalArgumentException(
              "tensor '" + declaration.name() + "' is declared twice");
        }
        long begin = end;
        end = plus(begin, declaration);
        root.add(declaration.name(), entry(declaration, begin, end));
      }
      ByteBuffer header = padded(root.toString().getBytes(StandardCharsets.UTF_8));
      Map<String, TensorInfo> tensors = new LinkedHashMap<>();
      long offset = header.remaining();
      for (TensorDeclaration declaration : declarations) {
        tensors.put(
            declaration.name(),
            new TensorInfo(
                declaration.name(),
                declaration.type(),
                declaration.shape(),
                offset,
                declaration.byteLength()));
        offset = plus(offset, declaration);
      }
      return new Layout(header, Collections.unmodifiableMap(tensors));
    }

    private static long plus(long offset, TensorDeclaration declaration) {
      try {
        return Math.addExact(offset, declaration.byteLength());
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("the tensors are larger than any file", e);
      }
    }

    private static JsonObject entry(TensorDeclaration declaration, long begin, long end) {
      JsonArray shape = new JsonArray();
      for (long dimension : declaration.shape().toArray()) {
        shape.add(dimension);
      }
      JsonArray offsets = new JsonArray();
      offsets.add(begin);
      offsets.add(end);
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", declaration.type().safetensorsName());
      entry.add("shape", shape);
      entry.add("data_offsets", offsets);
      return entry;
    }

    /** Length, JSON and spaces up to the alignment, which readers skip as JSON white space. */
    private static ByteBuffer padded(byte[] json) {
      int size = (LENGTH_BYTES + json.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      ByteBuffer header = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      header.putLong(size - LENGTH_BYTES).put(json);
      while (header.hasRemaining()) {
        header.put((byte) ' ');
      }
      return header.flip();
    }
  }
}
