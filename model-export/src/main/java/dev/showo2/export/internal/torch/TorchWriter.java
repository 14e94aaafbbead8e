package dev.showo2.export.internal.torch;

import dev.showo2.model.SafetensorsWriter.TensorDeclaration;
import dev.showo2.model.SafetensorsWriter.TensorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.apiguardian.api.API;

/**
 * Writes a state dict in one pass, as {@code torch.save} does: a zip archive with a pickle and one
 * entry per storage. {@code torch.load(file, weights_only=True)} reads it. The same declarations
 * and values give the same bytes.
 *
 * <p>Not thread-safe. After a failure the file stays incomplete, for the caller to delete.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TorchWriter implements Closeable {

  private static final String FOLDER = "archive/";

  private final FileChannel channel;
  private final StoredZip zip;
  private final Queue<TensorDeclaration> pending = new ArrayDeque<>();
  private int written;

  private TorchWriter(FileChannel channel) {
    this.channel = channel;
    this.zip = new StoredZip(channel);
  }

  /**
   * Creates the file and writes what describes the tensors.
   *
   * @param path a file that does not exist yet, in a folder that does
   * @param tensors of 16 or 32-bit floats, in the order in which their values will be written
   * @param sharedWith gives for a name that of an earlier tensor of the same type and shape with
   *     which it shares its values, else the name itself
   * @throws IOException if the file exists or cannot be written
   */
  public static TorchWriter create(
      Path path, List<TensorDeclaration> tensors, UnaryOperator<String> sharedWith)
      throws IOException {
    TorchWriter writer =
        new TorchWriter(
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    try {
      writer.describe(tensors, sharedWith);
      return writer;
    } catch (IOException | RuntimeException | Error e) {
      try (writer) {
        throw e;
      }
    }
  }

  private void describe(List<TensorDeclaration> tensors, UnaryOperator<String> sharedWith)
      throws IOException {
    StateDictPickle pickle = new StateDictPickle();
    Map<String, String> storages = new HashMap<>();
    for (TensorDeclaration tensor : tensors) {
      String first = sharedWith.apply(tensor.name());
      String storage = storages.get(first);
      if (storage == null) {
        if (!first.equals(tensor.name())) {
          throw new IllegalArgumentException(
              "tensor '" + tensor.name() + "' shares values with '" + first + "', not before it");
        }
        storage = Integer.toString(pending.size());
        pending.add(tensor);
      }
      storages.put(tensor.name(), storage);
      pickle.add(tensor, storage);
    }
    zip.entry(FOLDER + "data.pkl", pickle.finish());
    zip.entry(FOLDER + "byteorder", "little".getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Writes the values of the next tensor; one that shares values with an earlier one is left out.
   *
   * @param source gives exactly the declared number of bytes
   * @throws IllegalStateException if another tensor comes next, or if the source gives too few or
   *     too many bytes
   * @throws IOException if the file cannot be written
   */
  public void write(String name, TensorSource source) throws IOException {
    TensorDeclaration next = pending.poll();
    if (next == null || !next.name().equals(name)) {
      throw new IllegalStateException(
          "tensor '" + name + "' was written where " + (next == null ? "none" : next) + " comes");
    }
    zip.entry(FOLDER + "data/" + written++, next.byteLength(), source);
  }

  /**
   * Forces the complete file to disk and closes it.
   *
   * @throws IllegalStateException if a declared tensor was not written
   * @throws IOException if the file cannot be written
   */
  public void finish() throws IOException {
    try (this) {
      if (!pending.isEmpty()) {
        throw new IllegalStateException(
            "tensor '" + pending.element().name() + "' was declared but not written");
      }
      zip.entry(FOLDER + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
      zip.finish();
      channel.force(true);
    }
  }

  /** Closes the file, which stays incomplete unless {@link #finish} was called before. */
  @Override
  public void close() throws IOException {
    zip.close();
  }
}
