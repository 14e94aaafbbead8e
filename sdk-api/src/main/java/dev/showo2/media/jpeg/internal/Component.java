package dev.showo2.media.jpeg.internal;

import java.util.Arrays;

/**
 * One color component of a frame: its place in the file, and the samples decoded so far. Only the
 * rows around the ones that are being read are kept.
 */
final class Component {

  static final int BLOCK = 8;
  static final int COEFFICIENTS = BLOCK * BLOCK;

  /** Rows of minimum coded units: the one that is read, one before it and one behind it. */
  private static final int BANDS = 3;

  final int id;

  /** Blocks in a minimum coded unit, side by side. */
  final int horizontal;

  /** Blocks in a minimum coded unit, one below the other. */
  final int vertical;

  private final int quantizationIndex;

  /** Columns and rows of samples that belong to the image. */
  final int width;

  final int height;

  /** Blocks with such samples, as scans of this component alone have them. */
  final int blocksWide;

  final int blocksHigh;

  /** Blocks in a row with those that fill the last unit. */
  final int storedBlocksWide;

  /** As the first scan of this component found it; later ones may redefine the table. */
  private int[] quantization;

  /** Of the band that is read, if the coefficients come in several scans; otherwise null. */
  short[] coefficients;

  private final byte[] samples;
  private final int stride;
  private final int bandRows;

  Component(int id, int horizontal, int vertical, int quantizationIndex, JpegFrame.Size size) {
    this.id = id;
    this.horizontal = horizontal;
    this.vertical = vertical;
    this.quantizationIndex = quantizationIndex;
    this.width = ceil(size.width() * horizontal, size.maxHorizontal());
    this.height = ceil(size.height() * vertical, size.maxVertical());
    this.blocksWide = ceil(width, BLOCK);
    this.blocksHigh = ceil(height, BLOCK);
    this.storedBlocksWide = size.unitsWide() * horizontal;
    this.stride = storedBlocksWide * BLOCK;
    this.bandRows = vertical * BLOCK;
    this.samples = new byte[Math.multiplyExact(BANDS * bandRows, stride)];
  }

  private static int ceil(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  void latchQuantization(int[][] tables) throws CorruptJpegException {
    if (quantization != null) {
      return;
    }
    if (quantizationIndex >= tables.length || tables[quantizationIndex] == null) {
      throw new CorruptJpegException("there is no quantization table " + quantizationIndex);
    }
    quantization = tables[quantizationIndex].clone();
  }

  /** Makes room for the coefficients of a band. */
  void keepCoefficients() {
    coefficients = new short[storedBlocksWide * vertical * COEFFICIENTS];
  }

  /** The first coefficient of a block in {@link #coefficients}. */
  int coefficientsOf(int blockRow, int blockColumn) {
    return (blockRow % vertical * storedBlocksWide + blockColumn) * COEFFICIENTS;
  }

  /** Turns the coefficients of a block into samples. */
  void transform(short[] from, int offset, int blockRow, int blockColumn, InverseDct dct) {
    dct.transform(
        from,
        offset,
        quantization,
        samples,
        rowOffset(blockRow * BLOCK) + blockColumn * BLOCK,
        stride);
  }

  /** Whether no scan has the component; libjpeg shows it gray then. */
  boolean isMissing() {
    return quantization == null;
  }

  /** Sets all samples to the middle. */
  void fillGray() {
    Arrays.fill(samples, (byte) 128);
  }

  /** The samples, of which {@link #rowOffset} says where a row begins. */
  byte[] samples() {
    return samples;
  }

  /** The index of the first sample of a row in {@link #samples}; the rows beyond are repeated. */
  int rowOffset(int row) {
    return row % (BANDS * bandRows) * stride;
  }
}
