package dev.showo2.export.internal.torch;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.io.CheckpointFile;
import dev.showo2.export.internal.io.ChunkedReading;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.apiguardian.api.API;

/** A state dict in the zip format of torch.save, its tensors read in place. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TorchWeights implements CheckpointWeights {

  private final TorchArchive archive;
  private final Map<String, TorchTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new LinkedHashMap<>();
  private final Map<String, String> shared = new HashMap<>();

  /** Takes over the file; if this fails, the caller still closes it. */
  public TorchWeights(CheckpointFile file) {
    this.archive = new TorchArchive(file);
    Object root = load(file);
    if (!(root instanceof PickleValue.Dict dict)) {
      throw notStateDict("it is no dict");
    }
    TrainingCheckpoint.refuse(file.path().toString(), dict);
    if (dict.hasOtherKeys()) {
      throw notStateDict("it has keys that are no strings");
    }
    // By their text, which has an order: a map of records that all have one hash code is slow.
    Map<String, String> firsts = new HashMap<>();
    dict.entries()
        .forEach(
            (key, value) -> {
              if (value instanceof PickleValue.ForeignTensor tensor) {
                unreadable.put(key, tensor.type().name());
                return;
              }
              if (!(value instanceof PickleValue.View view)) {
                throw notStateDict("'" + key + "' is no tensor");
              }
              TorchTensor tensor = TorchTensor.of(archive, key, view);
              tensors.put(key, tensor);
              shared.put(key, firsts.computeIfAbsent(tensor.toString(), unused -> key));
            });
  }

  /** Says what a file of a known kind is that a pickle of plain tensors cannot be. */
  private Object load(CheckpointFile file) {
    ByteBuffer pickle = archive.pickle();
    try {
      return Unpickler.load(file.path().toString(), pickle.duplicate());
    } catch (InvalidModelException e) {
      throw PickleScan.of(pickle)
          .explain(file.path().toString())
          .map(explanation -> new InvalidModelException(explanation, e))
          .orElse(e);
    }
  }

  private InvalidModelException notStateDict(String found) {
    return new InvalidModelException(
        archive.file().path()
            + ": a state dict (keys and tensors) is expected, but "
            + found
            + "; save model.state_dict() itself");
  }

  @Override
  public Set<String> names() {
    return Collections.unmodifiableSet(tensors.keySet());
  }

  @Override
  public Map<String, String> unreadable() {
    return Collections.unmodifiableMap(unreadable);
  }

  @Override
  public Shape shape(String name) {
    return tensor(name).shape();
  }

  @Override
  public ElementType type(String name) {
    return tensor(name).type();
  }

  @Override
  public String sharedWith(String name) {
    tensor(name);
    return shared.get(name);
  }

  @Override
  public void read(String name, TensorSink sink) throws IOException {
    TorchTensor tensor = tensor(name);
    ZipEntry storage = tensor.storage();
    if (tensor.byteLength() == 0) {
      return;
    }
    if (!tensor.layout().isContiguous()) {
      archive.verify(storage);
      StridedReader.read(archive.file(), tensor, sink);
    } else if (tensor.byteLength() == storage.size() && !archive.isVerified(storage)) {
      // The usual case: one pass both hands over and checks.
      CRC32 crc = new CRC32();
      copy(
          tensor,
          chunk -> {
            crc.update(chunk.duplicate());
            sink.accept(chunk);
          });
      archive.verify(storage, crc);
    } else {
      archive.verify(storage);
      copy(tensor, sink);
    }
  }

  private void copy(TorchTensor tensor, TensorSink sink) throws IOException {
    long start = tensor.storage().offset() + tensor.layout().offset() * tensor.type().byteSize();
    ChunkedReading.stream(
        tensor.byteLength(),
        (position, chunk) -> archive.file().read(start + position, chunk),
        sink);
  }

  private TorchTensor tensor(String name) {
    TorchTensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new InvalidModelException(archive.file().path() + " has no tensor '" + name + "'");
    }
    return tensor;
  }

  @Override
  public void close() {
    archive.close();
  }

  /**
   * Gathers the elements of a tensor that are not contiguous, a transposed one for example.
   *
   * <p>The storage is mapped, not read: the order of the elements may jump through all of it, and
   * the operating system's page cache serves that better than buffers of our own.
   */
  private static final class StridedReader {

    /** A power of two, so that no element crosses two windows. */
    private static final int WINDOW_BITS = 30;

    private static final long WINDOW_MASK = (1L << WINDOW_BITS) - 1;

    private final List<StridedLayout.Axis> axes;
    private final int width;
    private final ByteBuffer[] windows;
    private final ByteBuffer chunk;
    private final TensorSink sink;

    private StridedReader(CheckpointFile file, TorchTensor tensor, TensorSink sink) {
      this.axes = tensor.layout().axes();
      this.width = tensor.type().byteSize();
      this.sink = sink;
      int capacity = (int) Math.min(TensorSink.MAX_CHUNK_BYTES, tensor.byteLength());
      this.chunk = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
      ZipEntry storage = tensor.storage();
      this.windows = new ByteBuffer[(int) (storage.size() + WINDOW_MASK >> WINDOW_BITS)];
      for (int i = 0; i < windows.length; i++) {
        long start = (long) i << WINDOW_BITS;
        long length = Math.min(1L << WINDOW_BITS, storage.size() - start);
        windows[i] = file.map(storage.offset() + start, length);
      }
    }

    /** The tensor must have at least one element. */
    static void read(CheckpointFile file, TorchTensor tensor, TensorSink sink) throws IOException {
      StridedReader reader = new StridedReader(file, tensor, sink);
      reader.readAll(tensor.layout().offset());
      reader.flush();
    }

    /** Counts through all axes but the innermost like an odometer. */
    private void readAll(long offset) throws IOException {
      StridedLayout.Axis inner = axes.get(axes.size() - 1);
      long[] index = new long[axes.size() - 1];
      long start = offset;
      while (true) {
        readRow(start, inner);
        int axis = index.length - 1;
        while (axis >= 0 && index[axis] == axes.get(axis).size() - 1) {
          start -= index[axis] * axes.get(axis).stride();
          index[axis] = 0;
          axis--;
        }
        if (axis < 0) {
          return;
        }
        index[axis]++;
        start += axes.get(axis).stride();
      }
    }

    private void readRow(long start, StridedLayout.Axis row) throws IOException {
      long step = row.stride() * width;
      long position = start * width;
      for (long done = 0; done < row.size(); done++) {
        if (!chunk.hasRemaining()) {
          flush();
        }
        copy(windows[(int) (position >>> WINDOW_BITS)], (int) (position & WINDOW_MASK));
        position += step;
      }
    }

    private void copy(ByteBuffer window, int index) {
      switch (width) {
        case 8 -> chunk.putLong(window.getLong(index));
        case 4 -> chunk.putInt(window.getInt(index));
        case 2 -> chunk.putShort(window.getShort(index));
        default -> chunk.put(window.get(index));
      }
    }

    private void flush() throws IOException {
      sink.accept(chunk.flip());
      chunk.clear();
    }
  }

  /**
   * Layout of a tensor's elements in its storage, with as few axes as possible: axes of size 1 are
   * dropped and those that run on without a gap are joined. Layouts that visit the same elements in
   * the same order by the same steps are equal.
   *
   * @param offset of the first element, in elements
   * @param axes outermost first; empty for a single element
   */
  record StridedLayout(long offset, List<Axis> axes) {

    /**
     * @param stride in elements, 0 or more
     */
    record Axis(long size, long stride) {}

    /** Sizes and strides must have been checked against the storage. */
    static StridedLayout of(long offset, long[] sizes, long[] strides) {
      List<Axis> axes = new ArrayList<>();
      for (int i = 0; i < sizes.length; i++) {
        if (sizes[i] == 0) {
          return new StridedLayout(offset, List.of(new Axis(0, 1)));
        }
        Axis axis = new Axis(sizes[i], strides[i]);
        Axis outer = axes.isEmpty() ? null : axes.get(axes.size() - 1);
        if (axis.size == 1) {
          continue;
        }
        if (outer != null && outer.stride == axis.size * axis.stride) {
          axes.set(axes.size() - 1, new Axis(outer.size * axis.size, axis.stride));
        } else {
          axes.add(axis);
        }
      }
      return new StridedLayout(offset, List.copyOf(axes));
    }

    /** Whether the elements are contiguous in row-major order. */
    boolean isContiguous() {
      return axes.isEmpty() || axes.size() == 1 && axes.get(0).stride == 1;
    }
  }
}
