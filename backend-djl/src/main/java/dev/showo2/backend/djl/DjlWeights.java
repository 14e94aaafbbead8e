package dev.showo2.backend.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidModelException;
import dev.showo2.model.Bundle;
import dev.showo2.model.BundleFile;
import dev.showo2.model.SafetensorsFile;
import dev.showo2.model.TensorInfo;
import dev.showo2.model.internal.FloatDecoding;
import dev.showo2.spi.support.EngineFailures;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * All weights of a bundle under the names of the checkpoint, as arrays of 32-bit floats. Floats are
 * the mapped pages of the file; half precision and integers are decoded into memory. DJL never sees
 * another element type. Used by one thread, while a backend is opened.
 */
final class DjlWeights implements LayerWeights, AutoCloseable {

  /** Inputs that share a scale in 4-bit integers. */
  private static final int BLOCK = 32;

  /** Ends the name of a weight whose layer changes its inputs. */
  private static final String TRANSFORMED = "_transformed";

  /** Rows of the largest matrix that rotates blocks of inputs. */
  private static final int LARGEST_ROTATION = 1024;

  /** Bytes that are read at once; a multiple of a float. */
  private static final int READ_BYTES = 1 << 20;

  /** Values that are decoded at once. */
  private static final int CHUNK = 1 << 24;

  private final Bundle bundle;
  private final NDManager manager;
  private final Edit edit;
  private final LinearLayers layers;
  private final Map<String, Stored> byKey = new HashMap<>();
  private final Map<Path, FileChannel> channels = new HashMap<>();
  private final Map<String, NDArray> loaded = new HashMap<>();
  private ByteBuffer decodingBuffer = ByteBuffer.allocateDirect(0);

  private DjlWeights(Bundle bundle, NDManager manager, Edit edit, LinearLayers layers) {
    this.bundle = bundle;
    this.manager = manager;
    this.edit = edit;
    this.layers = layers;
  }

  /** A change of weights as they are loaded. */
  @FunctionalInterface
  interface Edit {

    /**
     * @return the weight to take, such as the one that was loaded
     */
    NDArray apply(String key, NDArray weight);

    /**
     * Tells whether a weight must be in memory of its own, where it can be written to.
     *
     * @return false where the mapped pages of a file will do
     */
    default boolean changesLater(String key) {
      return false;
    }
  }

  /** A tensor and its file. */
  private record Stored(FileChannel channel, Path path, TensorInfo info) {

    long rows() {
      return info.shape().rank() == 0 ? 1 : info.shape().dimension(0);
    }

    long rowBytes() {
      return info.byteLength() / Math.max(1, rows());
    }

    /** The bytes of some rows, at position 0 of the buffer. */
    ByteBuffer map(long fromRow, long toRow) {
      return call(
          "mapping",
          () ->
              channel
                  .map(
                      FileChannel.MapMode.READ_ONLY,
                      info.offset() + fromRow * rowBytes(),
                      (toRow - fromRow) * rowBytes())
                  .order(ByteOrder.LITTLE_ENDIAN));
    }

    /** Copies some rows of 32-bit floats, and leaves no pages of the file behind. */
    void read(long fromRow, long toRow, FloatBuffer target) {
      ByteBuffer part = ByteBuffer.allocate(READ_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      long end = info.offset() + toRow * rowBytes();
      for (long at = info.offset() + fromRow * rowBytes(); at < end; at += part.limit()) {
        long position = at;
        part.clear().limit((int) Math.min(READ_BYTES, end - at));
        call(
            "reading",
            () -> {
              while (part.hasRemaining()) {
                if (channel.read(part, position + part.position()) < 0) {
                  throw new IOException("it ended early");
                }
              }
              return part;
            });
        target.put(part.flip().asFloatBuffer());
      }
    }

    /** Access to the file. */
    private interface Access {
      ByteBuffer run() throws IOException;
    }

    private ByteBuffer call(String activity, Access access) {
      try {
        return access.run();
      } catch (ClosedByInterruptException e) {
        throw new CancelledException("interrupted while " + activity + " " + path, e);
      } catch (IOException e) {
        if (e.getCause() instanceof OutOfMemoryError lack) {
          throw EngineFailures.outOfMemory(activity + " " + path, lack);
        }
        throw new InvalidModelException(
            "failed " + activity + " " + path + ": " + e.getMessage(), e);
      }
    }
  }

  /**
   * Opens the files of a bundle; the caller closes them once all weights are loaded.
   *
   * @param manager to which the weights belong
   * @param layers how linear layers compute
   * @throws InvalidModelException if a file cannot be read
   */
  static DjlWeights open(Bundle bundle, NDManager manager, Edit edit, LinearLayers layers) {
    DjlWeights weights = new DjlWeights(bundle, manager, edit, layers);
    try {
      for (BundleFile file : bundle.manifest().files()) {
        if (file.name().endsWith(".safetensors")) {
          weights.add(bundle.directory().resolve(file.name()));
        }
      }
      return weights;
    } catch (Throwable e) {
      weights.close();
      throw e;
    }
  }

  private void add(Path path) {
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      FileChannel channel = FileChannel.open(path);
      channels.put(path, channel);
      for (TensorInfo tensor : file.tensors().values()) {
        Stored other = byKey.put(tensor.name(), new Stored(channel, path, tensor));
        if (other != null) {
          throw new InvalidModelException(
              "the weight '" + tensor.name() + "' is both in " + other.path() + " and " + path);
        }
      }
    } catch (ClosedByInterruptException e) {
      throw new CancelledException("interrupted while opening " + path, e);
    } catch (IOException e) {
      throw new InvalidModelException("cannot open " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public ScriptTerm linear(String key, int out, int in) {
    return linear(key, out, in, array(key + ".bias", out));
  }

  ScriptTerm linearWithoutBias(String key, int out, int in) {
    return linear(key, out, in, null);
  }

  private ScriptTerm linear(String key, int out, int in, NDArray bias) {
    return layers.linear(key, matrix(key, out, in), bias);
  }

  /** down(SiLU(gate(x)) · up(x)) with the matrices of a gated feed-forward network. */
  ScriptTerm swiGlu(String key, int width, int inner) {
    return layers.swiGlu(
        key,
        matrix(key + ".gate_proj", inner, width),
        matrix(key + ".up_proj", inner, width),
        matrix(key + ".down_proj", width, inner));
  }

  /** The weight of a linear layer, in the form in which it is kept. */
  private NDArray matrix(String key, int out, int in) {
    String name = key + ".weight";
    boolean usedElsewhere = loaded.containsKey(name);
    NDArray weight = array(name, out, in);
    NDArray kept = layers.kept(weight);
    if (kept != weight && !usedElsewhere) {
      loaded.remove(name).close();
    }
    return kept;
  }

  RmsNorm rmsNorm(String key, int width, double epsilon) {
    return new RmsNorm(array(key + ".weight", width), epsilon);
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidModelException also if the element type is not that of a weight of this shape
   */
  @Override
  public NDArray array(String key, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    boolean changesInputs = byKey.containsKey(key + TRANSFORMED);
    Stored stored = stored(changesInputs ? key + TRANSFORMED : key);
    // Tied matrices are one array.
    NDArray present = loaded.get(key);
    if (present == null) {
      present =
          switch (stored.info().type()) {
            case FLOAT32 ->
                edit.changesLater(key)
                    ? decoded(shape, shaped(stored, shape)::read)
                    : floats(shaped(stored, shape), shape);
            case FLOAT16, BFLOAT16 -> decoded(shape, halves(shaped(stored, shape)));
            case INT8 -> decoded(shape, int8(stored, shape));
            case UINT8 -> decoded(shape, int4(stored, shape));
            default -> throw unreadable(stored, shape);
          };
      present = changesInputs ? forPlainInputs(key, present, shape) : present;
      present = edit.apply(key, present);
      loaded.put(key, present);
    }
    return present;
  }

  /**
   * The weight of a layer whose inputs would have to be multiplied by factors and then, in blocks,
   * by a matrix, for inputs as they come: its blocks times the transposed matrix, its columns times
   * the factors.
   */
  private NDArray forPlainInputs(String key, NDArray weight, Shape shape) {
    String factors = key + "_input_factors";
    String rotation = key + "_input_rotation";
    try (NDManager scope = manager.newSubManager()) {
      weight.attach(scope);
      NDArray back = weight;
      if (byKey.containsKey(rotation)) {
        NDArray matrix = rotation(stored(rotation), shape);
        matrix.attach(scope);
        back =
            back.reshape(-1, matrix.getShape().get(0))
                .matMul(matrix.transpose())
                .reshape(djl(shape));
      }
      if (byKey.containsKey(factors)) {
        Shape inputs = Shape.of(shape.dimension(-1));
        Stored stored = shaped(stored(factors), inputs);
        if (stored.info().type() != ElementType.FLOAT32) {
          throw unreadable(stored, inputs);
        }
        NDArray row = decoded(inputs, stored::read);
        row.attach(scope);
        back = back.mul(row);
      }
      back.attach(manager);
      return back;
    }
  }

  private NDArray rotation(Stored stored, Shape shape) {
    Shape found = stored.info().shape();
    boolean isSquare = found.rank() == 2 && found.dimension(0) == found.dimension(1);
    if (!isSquare
        || stored.info().type() != ElementType.FLOAT32
        || shape.rank() != 2
        || found.dimension(0) < 1
        || found.dimension(0) > LARGEST_ROTATION
        || shape.dimension(1) % found.dimension(0) != 0) {
      throw wrong(
          stored,
          "a square in F32 of at most "
              + LARGEST_ROTATION
              + " rows that divide the inputs of a weight "
              + shape,
          found + " in " + stored.info().type().safetensorsName());
    }
    return decoded(found, stored::read);
  }

  /** The mapped pages themselves, where one buffer can hold them and they are aligned. */
  private NDArray floats(Stored stored, Shape shape) {
    boolean aligned = stored.info().offset() % Float.BYTES == 0;
    if (!aligned || stored.info().byteLength() > Integer.MAX_VALUE) {
      return decoded(shape, (from, to, target) -> target.put(stored.map(from, to).asFloatBuffer()));
    }
    return manager.create(stored.map(0, stored.rows()), djl(shape), DataType.FLOAT32);
  }

  private static ai.djl.ndarray.types.Shape djl(Shape shape) {
    return new ai.djl.ndarray.types.Shape(shape.toArray());
  }

  /** Decodes rows [from, to) of a weight. */
  private interface RowDecoder {
    void decode(long from, long to, FloatBuffer target);
  }

  private NDArray decoded(Shape shape, RowDecoder decoder) {
    long rows = shape.rank() == 0 ? 1 : shape.dimension(0);
    long columns = shape.elementCount() / Math.max(1, rows);
    int chunk = (int) Math.max(1, Math.min(rows, CHUNK / Math.max(1, columns)));
    ByteBuffer bytes = buffer(chunk * columns * Float.BYTES);
    NDArray result =
        manager.create(new ai.djl.ndarray.types.Shape(rows, columns), DataType.FLOAT32);
    for (long from = 0; from < rows; from += chunk) {
      long to = Math.min(rows, from + chunk);
      FloatBuffer target = bytes.asFloatBuffer();
      decoder.decode(from, to, target);
      ByteBuffer filled = bytes.slice(0, target.position() * Float.BYTES);
      try (NDManager scope = manager.newSubManager()) {
        NDArray part =
            scope.create(
                filled.order(ByteOrder.nativeOrder()),
                new ai.djl.ndarray.types.Shape(to - from, columns),
                DataType.FLOAT32);
        result.set(new NDIndex("{}:{}", from, to), part);
      }
    }
    NDArray shaped = result.reshape(djl(shape));
    result.close();
    return shaped;
  }

  /** One for all weights, since buffers are freed late. */
  private ByteBuffer buffer(long size) {
    if (size > Integer.MAX_VALUE) {
      throw new InvalidModelException(
          bundle + " has a weight with rows of " + (size >> 20) + " MiB, more than are read");
    }
    if (decodingBuffer.capacity() < size) {
      decodingBuffer = ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder());
    }
    return decodingBuffer.clear();
  }

  private static RowDecoder halves(Stored stored) {
    boolean brain = stored.info().type() == ElementType.BFLOAT16;
    return (from, to, target) -> {
      ByteBuffer halves = stored.map(from, to);
      while (halves.hasRemaining()) {
        short half = halves.getShort();
        target.put(brain ? Float.intBitsToFloat(half << 16) : FloatDecoding.fromFloat16(half));
      }
    };
  }

  /** One scale for each row. */
  private RowDecoder int8(Stored stored, Shape shape) {
    requireMatrix(stored, shape);
    shaped(stored, shape);
    Stored scales = scales(stored, Shape.of(shape.dimension(0)));
    return (from, to, target) -> {
      ByteBuffer integers = stored.map(from, to);
      FloatBuffer ofRows = scales.map(from, to).asFloatBuffer();
      for (long row = from; row < to; row++) {
        float scale = ofRows.get();
        for (long i = 0; i < stored.rowBytes(); i++) {
          target.put(integers.get() * scale);
        }
      }
    };
  }

  /** Two in a byte, the first in its lower half, with a scale for each block of a row. */
  private RowDecoder int4(Stored stored, Shape shape) {
    requireMatrix(stored, shape);
    long out = shape.dimension(0);
    long in = shape.dimension(1);
    if (in % BLOCK != 0) {
      throw unreadable(stored, shape);
    }
    shaped(stored, Shape.of(out, in / 2));
    Stored scales = scales(stored, Shape.of(out, in / BLOCK));
    return (from, to, target) -> {
      ByteBuffer pairs = stored.map(from, to);
      FloatBuffer blocks = scales.map(from, to).asFloatBuffer();
      while (pairs.hasRemaining()) {
        float scale = blocks.get();
        for (int i = 0; i < BLOCK; i += 2) {
          int pair = pairs.get();
          target.put((pair << 28 >> 28) * scale);
          target.put((pair >> 4) * scale);
        }
      }
    };
  }

  private Stored scales(Stored values, Shape shape) {
    Stored scales = stored(values.info().name() + "_scale");
    if (scales.info().type() != ElementType.FLOAT32) {
      throw unreadable(scales, shape);
    }
    return shaped(scales, shape);
  }

  private Stored stored(String key) {
    Stored stored = byKey.get(key);
    if (stored == null) {
      throw new InvalidModelException(
          bundle + " lacks the weight '" + key + "'; export the checkpoint again");
    }
    return stored;
  }

  /** Integers are for matrices alone. */
  private void requireMatrix(Stored stored, Shape shape) {
    if (shape.rank() != 2) {
      throw unreadable(stored, shape);
    }
  }

  private Stored shaped(Stored stored, Shape shape) {
    if (!stored.info().shape().equals(shape)) {
      throw wrong(stored, shape.toString(), stored.info().shape().toString());
    }
    return stored;
  }

  private InvalidModelException unreadable(Stored stored, Shape shape) {
    return wrong(
        stored,
        shape
            + " in F32, F16 or BF16, or a matrix [out, in] in I8, or in U8 with in a multiple of "
            + BLOCK
            + ", scales being F32",
        stored.info().shape() + " in " + stored.info().type().safetensorsName());
  }

  private InvalidModelException wrong(Stored stored, String expected, String found) {
    return new InvalidModelException(
        "the weight '"
            + stored.info().name()
            + "' of "
            + bundle
            + " should be "
            + expected
            + ", found "
            + found
            + "; export the checkpoint again");
  }

  /** Closes the files. Arrays stay, as mapped pages do. */
  @Override
  public void close() {
    for (FileChannel channel : channels.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new InvalidModelException("cannot close a file of " + bundle, e);
      }
    }
  }
}
