package dev.showo2.export.internal.calibration;

import dev.showo2.error.InvalidModelException;
import dev.showo2.export.ExportListener;
import dev.showo2.export.checkpoint.CheckpointWeights;
import dev.showo2.export.internal.architecture.ModelKeys;
import dev.showo2.export.internal.checkpoint.FloatConversion;
import dev.showo2.export.internal.io.InterruptionCheck;
import dev.showo2.model.Architecture;
import dev.showo2.model.SafetensorsWriter.TensorSink;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Streams a model's weights as 32-bit floats, and says how far it is. Not thread-safe. */
final class WeightReader {

  private final CheckpointWeights weights;
  private final ExportListener listener;
  private final long total;
  private long done;

  /**
   * @throws InvalidModelException if a weight is missing or has another shape than it should
   */
  WeightReader(Architecture architecture, CheckpointWeights weights, ExportListener listener) {
    this.weights = weights;
    this.listener = listener;
    long bytes = 0;
    for (var expected : ModelKeys.all(architecture).entrySet()) {
      Shape found = weights.shape(expected.getKey());
      if (!found.equals(expected.getValue())) {
        throw new InvalidModelException(
            "the weight '%s' should be %s, found %s; is this the architecture of the checkpoint?"
                .formatted(expected.getKey(), expected.getValue(), found));
      }
      bytes += bytes(expected.getKey());
    }
    // The two uses of a tied matrix are at the two ends of the computation.
    boolean twice = architecture.backbone().tiedEmbeddings();
    this.total = twice ? bytes + bytes(StagePasses.TextEmbeddingPass.MATRIX) : bytes;
  }

  private long bytes(String key) {
    return weights.shape(key).elementCount() * weights.type(key).byteSize();
  }

  void phase(String what) {
    listener.phase(what);
  }

  /** The first dimension: outputs of a layer, rows of a table. */
  int rows(String key) {
    return Math.toIntExact(weights.shape(key).dimension(0));
  }

  /** All other dimensions together. */
  int columns(String key) {
    return Math.toIntExact(weights.shape(key).elementCount() / rows(key));
  }

  /** Everything at once, of small ones: biases, gains, the position table. */
  float[] all(String key) {
    float[] values = new float[Math.multiplyExact(rows(key), columns(key))];
    FloatBuffer buffer = FloatBuffer.wrap(values);
    stream(key, buffer::put);
    return values;
  }

  /**
   * Cuts a matrix into blocks of rows, and returns when all of them have been worked on.
   *
   * @throws InvalidModelException if the file is damaged; what the work made of it is void then
   */
  void blocks(String key, RowWorkers workers, RowBlocks.Work work) {
    RowBlocks blocks = new RowBlocks(rows(key), columns(key), workers, work);
    stream(key, blocks::put);
    blocks.finish();
  }

  /** The same of a matrix that was read before, which is no progress. */
  void blocksAgain(String key, RowWorkers workers, RowBlocks.Work work) {
    long before = done;
    RowBlocks blocks = new RowBlocks(rows(key), columns(key), workers, work);
    stream(key, blocks::put, ExportListener.NONE);
    blocks.finish();
    done = before;
  }

  private void stream(String key, Consumer<FloatBuffer> target) {
    stream(key, target, listener);
  }

  private void stream(String key, Consumer<FloatBuffer> target, ExportListener told) {
    TensorSink floats =
        FloatConversion.toFloat32(
            key, weights.type(key), chunk -> target.accept(chunk.asFloatBuffer()));
    try {
      weights.read(
          key,
          chunk -> {
            InterruptionCheck.check();
            done += chunk.remaining();
            floats.accept(chunk);
            told.progress(done, total);
          });
    } catch (IOException e) {
      throw new UncheckedIOException("memory does no input or output", e);
    }
  }

  /**
   * Cuts a streamed matrix into blocks of whole rows. RowWorkers take the blocks while the next
   * ones are read; a block is filled again when its work is done, so there are never more than a
   * few.
   */
  static final class RowBlocks {

    /** Values of a block, unless a single row has more: half a mebibyte, which caches hold. */
    static final int BLOCK_VALUES = 1 << 17;

    /** Callback for a block. It may change the values. */
    @FunctionalInterface
    interface Work {

      /**
       * @param values [rows, columns]
       * @param firstRow of the block in the matrix
       */
      void accept(float[] values, int firstRow, int rows);
    }

    private static final class Block {
      private final float[] values;
      private Future<?> work;

      Block(int length) {
        values = new float[length];
      }
    }

    private final int columns;
    private final RowWorkers workers;
    private final Work work;
    private final Block[] blocks;
    private int current;
    private int filled;
    private int nextRow;

    RowBlocks(int rows, int columns, RowWorkers workers, Work work) {
      this.columns = columns;
      this.workers = workers;
      this.work = work;
      int rowsPerBlock = Math.max(1, Math.min(rows, BLOCK_VALUES / columns));
      // One for each worker, one that waits, and one that is being filled.
      blocks = new Block[workers.count() + 2];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = new Block(rowsPerBlock * columns);
      }
    }

    /** Takes the next values of the matrix. */
    void put(FloatBuffer values) {
      while (values.hasRemaining()) {
        Block block = blocks[current];
        if (filled == 0 && block.work != null) {
          RowWorkers.await(block.work);
        }
        int length = Math.min(values.remaining(), block.values.length - filled);
        values.get(block.values, filled, length);
        filled += length;
        if (filled == block.values.length) {
          start(block);
        }
      }
    }

    private void start(Block block) {
      int rows = filled / columns;
      int first = nextRow;
      block.work = workers.start(() -> work.accept(block.values, first, rows));
      nextRow += rows;
      filled = 0;
      current = (current + 1) % blocks.length;
    }

    /** Waits until everything that was put has been worked on. */
    void finish() {
      if (filled > 0) {
        start(blocks[current]);
      }
      for (Block block : blocks) {
        if (block.work != null) {
          RowWorkers.await(block.work);
        }
      }
    }
  }
}
