package dev.showo2.export.internal.calibration;

import java.nio.FloatBuffer;
import java.util.concurrent.Future;

/**
 * Cuts a streamed matrix into blocks of whole rows. RowWorkers take the blocks while the next ones
 * are read; a block is filled again when its work is done, so there are never more than a few.
 */
final class RowBlocks {

  /** Values of a block, unless a single row has more: half a mebibyte, which caches hold. */
  static final int BLOCK_VALUES = 1 << 17;

  /** What is done with a block. It may change the values. */
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
