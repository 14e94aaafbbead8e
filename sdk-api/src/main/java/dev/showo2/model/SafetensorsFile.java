package dev.showo2.model;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.model.internal.FloatDecoding;
import dev.showo2.tensor.HostTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.apiguardian.api.API;

/**
 * A safetensors file that is open for reading. The header must describe every byte of the file
 * exactly once, and sizes are checked before anything is allocated.
 *
 * <p>Thread-safe. The opener closes it; buffers from {@link #map} stay valid after closing.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SafetensorsFile implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final SafetensorsHeader header;

  private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
    this.path = path;
    this.channel = channel;
    this.header = header;
  }

  /**
   * Opens a file and validates its header.
   *
   * @param path of the file
   * @return the open file, to be closed by the caller
   * @throws InvalidModelException if the file cannot be read or is not a well-formed safetensors
   *     file
   */
  public static SafetensorsFile open(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new InvalidModelException("no safetensors file at " + path);
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new SafetensorsFile(path, channel, SafetensorsHeader.read(path, channel));
      } catch (IOException | RuntimeException | Error e) {
        try (channel) {
          throw e;
        }
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidModelException("cannot read " + path + ": " + e.getMessage(), e));
    }
  }

  /** {@return the path, as it was given to {@link #open}} */
  public Path path() {
    return path;
  }

  /** {@return all tensors by name, in the order in which they are stored; immutable} */
  public Map<String, TensorInfo> tensors() {
    return header.tensors();
  }

  /**
   * {@return the tensors that are in the file but not among {@link #tensors}, because no {@link
   * dev.showo2.tensor.ElementType} describes their elements: the type of each by name, as the file
   * spells it, such as {@code F8_E4M3}; immutable}
   */
  public Map<String, String> unreadable() {
    return header.unreadable();
  }

  /** {@return the free-form text entries of the header; immutable} */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /**
   * Finds a tensor.
   *
   * @param name of the tensor
   * @return its entry in the header
   * @throws InvalidModelException if there is no tensor of this name, or if it is one of {@link
   *     #unreadable}
   */
  public TensorInfo tensor(String name) {
    TensorInfo info = header.tensors().get(name);
    if (info != null) {
      return info;
    }
    String type = header.unreadable().get(name);
    throw new InvalidModelException(
        type == null
            ? path + " has no tensor '" + name + "'"
            : "tensor '" + name + "' of " + path + " holds " + type + ", which is not read");
  }

  /**
   * Maps the bytes of a tensor into memory; pages are read lazily.
   *
   * @param name of the tensor
   * @return a read-only, little-endian buffer; valid after the file is closed
   * @throws InvalidModelException if the tensor is larger than 2 GiB or the file cannot be mapped
   * @throws CancelledException if the thread is interrupted; closes the file
   * @throws IllegalStateException if the file is closed
   */
  public ByteBuffer map(String name) {
    TensorInfo info = tensor(name);
    if (info.byteLength() > Integer.MAX_VALUE) {
      throw new InvalidModelException(
          "tensor '"
              + name
              + "' of "
              + path
              + " has "
              + info.byteLength()
              + " bytes, more than one buffer can map; read it in parts");
    }
    try {
      return channel
          .map(FileChannel.MapMode.READ_ONLY, info.offset(), info.byteLength())
          .order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> failed("map '" + name + "' of", e));
    }
  }

  /**
   * Reads a part of a tensor as it is stored, also of tensors larger than 2 GiB.
   *
   * @param name of the tensor
   * @param position the first byte to read, counted from the start of the tensor
   * @param destination filled from its position to its limit
   * @throws IndexOutOfBoundsException if the part is not within the tensor
   * @throws InvalidModelException if the file cannot be read, or is shorter than when it was opened
   * @throws CancelledException if the thread is interrupted; closes the file
   * @throws IllegalStateException if the file is closed
   */
  public void read(String name, long position, ByteBuffer destination) {
    TensorInfo info = tensor(name);
    Objects.checkFromIndexSize(position, destination.remaining(), info.byteLength());
    try {
      long start = info.offset() + position - destination.position();
      while (destination.hasRemaining()) {
        if (channel.read(destination, start + destination.position()) < 0) {
          throw new InvalidModelException(
              path + " was truncated after it was opened; get the file again");
        }
      }
    } catch (IOException e) {
      throw Interruptions.cancelledOr(e, () -> failed("read", e));
    }
  }

  private RuntimeException failed(String what, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return new CancelledException("interrupted while reading " + path, e);
    }
    return e instanceof ClosedChannelException
        ? new IllegalStateException(path + " was closed before this reading", e)
        : new InvalidModelException("cannot " + what + " " + path + ": " + e.getMessage(), e);
  }

  /**
   * Reads a tensor of any floating-point type, converted to 32-bit floats.
   *
   * @param name of the tensor
   * @return its values, in the tensor's shape
   * @throws InvalidModelException if there is no such tensor, or its elements are not
   *     floating-point numbers
   */
  public HostTensor readFloats(String name) {
    TensorInfo info = tensor(name);
    return new HostTensor(info.shape(), FloatDecoding.decode(map(name), info));
  }

  /**
   * Reads a tensor of any integer type or of truth values.
   *
   * @param name of the tensor
   * @return its values, row-major
   * @throws InvalidModelException if there is no such tensor, or its elements are not integers
   */
  public long[] readIntegers(String name) {
    TensorInfo info = tensor(name);
    LongSupplier next = integers(map(name), info);
    long[] values = new long[Math.toIntExact(info.shape().elementCount())];
    for (int i = 0; i < values.length; i++) {
      values[i] = next.getAsLong();
    }
    return values;
  }

  private LongSupplier integers(ByteBuffer bytes, TensorInfo info) {
    return switch (info.type()) {
      case INT64 -> bytes::getLong;
      case INT32 -> bytes::getInt;
      case INT16 -> bytes::getShort;
      case INT8 -> bytes::get;
      case UINT8, BOOL -> () -> bytes.get() & 0xff;
      default ->
          throw new InvalidModelException(
              "tensor '"
                  + info.name()
                  + "' of "
                  + path
                  + " holds "
                  + info.type()
                  + ", not integers");
    };
  }

  /** Closes the file. A second call has no effect. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new InvalidModelException("cannot close " + path, e);
    }
  }
}
