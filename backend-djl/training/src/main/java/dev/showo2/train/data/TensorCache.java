package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import dev.showo2.media.internal.PendingFile;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apiguardian.api.API;

/**
 * Tensors on disk by a key, such as latents by the content of their image. A file appears complete
 * or not at all, and one that is corrupt counts as absent. Thread-safe, also among processes.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TensorCache {

  private static final int MAGIC = 0x53324331;
  private static final int MOST_TENSORS = 16;
  private static final int MOST_DIMENSIONS = 8;
  private static final String ENDING = ".tensors";

  private final Path folder;
  private final AtomicLong bytes;

  private TensorCache(Path folder, long bytes) {
    this.folder = folder;
    this.bytes = new AtomicLong(bytes);
  }

  /**
   * Opens a cache, and creates its folder if there is none.
   *
   * @param folder of its files
   * @return the cache
   * @throws InvalidRequestException if the folder cannot be created or listed
   */
  public static TensorCache open(Path folder) {
    try {
      Files.createDirectories(folder);
      try (Stream<Path> files = Files.walk(folder, 2)) {
        return new TensorCache(
            folder,
            files
                .filter(file -> file.toString().endsWith(ENDING))
                .mapToLong(file -> file.toFile().length())
                .sum());
      }
    } catch (IOException | UncheckedIOException e) {
      throw new InvalidRequestException(
          "cannot use " + folder + " as cache: " + e + "; name a folder that can be written to", e);
    }
  }

  /**
   * Returns the size of the files, without what other processes have added since the cache was
   * opened.
   *
   * @return in bytes
   */
  public long bytes() {
    return bytes.get();
  }

  /**
   * Reads what was put.
   *
   * @param key hexadecimal digits, at least 2
   * @return the tensors, or nothing if they are absent or corrupt
   */
  public Optional<List<HostTensor>> get(String key) {
    try {
      return parsed(ByteBuffer.wrap(Files.readAllBytes(file(key))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      // What cannot be read is computed again.
      return Optional.empty();
    }
  }

  /**
   * Writes tensors; those of the same key are replaced.
   *
   * @param key hexadecimal digits, at least 2
   * @param tensors 1 to 16
   * @throws InvalidRequestException if the disk is full, or refuses for another reason
   */
  public void put(String key, List<HostTensor> tensors) {
    Path file = file(key);
    byte[] content = written(tensors);
    try {
      Files.createDirectories(file.getParent());
      long replaced = file.toFile().length();
      try (PendingFile pending = PendingFile.file(file, "cached tensors")) {
        Files.write(pending.path(), content);
        pending.complete();
      }
      bytes.addAndGet(content.length - replaced);
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new InvalidRequestException(
                  "cannot write "
                      + content.length
                      + " bytes to the cache "
                      + folder
                      + ": "
                      + e.getMessage()
                      + "; free space, or go on without a cache",
                  e));
    }
  }

  private Path file(String key) {
    if (!key.matches("[0-9a-f]{2,128}")) {
      throw new IllegalArgumentException("hexadecimal digits were expected as key, found " + key);
    }
    return folder.resolve(key.substring(0, 2)).resolve(key + ENDING);
  }

  private static byte[] written(List<HostTensor> tensors) {
    long size = 3L * Integer.BYTES;
    for (HostTensor tensor : tensors) {
      size += Integer.BYTES + tensor.shape().rank() * (long) Long.BYTES;
      size += tensor.values().length * (long) Float.BYTES;
    }
    ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(size));
    buffer.putInt(MAGIC).putInt(tensors.size());
    for (HostTensor tensor : tensors) {
      buffer.putInt(tensor.shape().rank());
      for (int i = 0; i < tensor.shape().rank(); i++) {
        buffer.putLong(tensor.shape().dimension(i));
      }
      buffer.asFloatBuffer().put(tensor.values());
      buffer.position(buffer.position() + tensor.values().length * Float.BYTES);
    }
    buffer.putInt(checksum(buffer.duplicate().flip()));
    return buffer.array();
  }

  private static Optional<List<HostTensor>> parsed(ByteBuffer buffer) {
    int end = buffer.limit() - Integer.BYTES;
    if (end < 2 * Integer.BYTES
        || buffer.getInt(end) != checksum(buffer.duplicate().limit(end))
        || buffer.getInt() != MAGIC) {
      return Optional.empty();
    }
    buffer.limit(end);
    int count = buffer.getInt();
    List<HostTensor> tensors = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MOST_TENSORS); i++) {
      Optional<HostTensor> tensor = tensor(buffer);
      if (tensor.isEmpty()) {
        return Optional.empty();
      }
      tensors.add(tensor.get());
    }
    return count == tensors.size() && count > 0 && !buffer.hasRemaining()
        ? Optional.of(tensors)
        : Optional.empty();
  }

  private static Optional<HostTensor> tensor(ByteBuffer buffer) {
    if (buffer.remaining() < Integer.BYTES) {
      return Optional.empty();
    }
    int rank = buffer.getInt();
    if (rank < 1 || rank > MOST_DIMENSIONS || buffer.remaining() < rank * Long.BYTES) {
      return Optional.empty();
    }
    long[] dimensions = new long[rank];
    long elements = 1;
    for (int i = 0; i < rank; i++) {
      dimensions[i] = buffer.getLong();
      if (dimensions[i] < 1 || dimensions[i] > buffer.limit() / elements) {
        return Optional.empty();
      }
      elements *= dimensions[i];
    }
    if (elements * Float.BYTES > buffer.remaining()) {
      return Optional.empty();
    }
    float[] values = new float[(int) elements];
    buffer.asFloatBuffer().get(values);
    buffer.position(buffer.position() + values.length * Float.BYTES);
    return Optional.of(new HostTensor(Shape.of(dimensions), values));
  }

  private static int checksum(ByteBuffer content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return (int) crc.getValue();
  }
}
