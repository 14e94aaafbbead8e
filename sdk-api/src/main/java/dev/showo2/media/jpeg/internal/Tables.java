package dev.showo2.media.jpeg.internal;

import java.io.EOFException;
import java.util.Arrays;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/** The tables that segments between scans define. Not thread-safe. */
final class Tables {

  private static final int COUNT = 4;
  private static final int MAX_VALUES = 256;

  /** The kind of a Huffman table. */
  enum Kind {
    DC,
    AC
  }

  private final int[][] quantization = new int[COUNT][];
  private final HuffmanTable[][] huffman = new HuffmanTable[Kind.values().length][COUNT];
  private int restartInterval;

  /** The quantization tables in the order of rows, null where there is none. */
  int[][] quantization() {
    return quantization;
  }

  /** Units between two restart markers; 0 if there are none. */
  int restartInterval() {
    return restartInterval;
  }

  /**
   * Finds a table. Files that come from video streams leave out the usual ones.
   *
   * @throws CorruptJpegException if there is none
   */
  HuffmanTable huffman(Kind kind, int index) throws CorruptJpegException {
    HuffmanTable table = index < COUNT ? huffman[kind.ordinal()][index] : null;
    if (table == null && index < 2) {
      table = usual(kind, index);
    }
    if (table == null) {
      throw new CorruptJpegException("there is no Huffman table " + index);
    }
    if (kind == Kind.DC && !table.isForDc()) {
      throw new CorruptJpegException("a Huffman table for DC has sizes over 15");
    }
    return table;
  }

  private static HuffmanTable usual(Kind kind, int index) throws CorruptJpegException {
    JPEGHuffmanTable usual =
        kind == Kind.DC
            ? index == 0 ? JPEGHuffmanTable.StdDCLuminance : JPEGHuffmanTable.StdDCChrominance
            : index == 0 ? JPEGHuffmanTable.StdACLuminance : JPEGHuffmanTable.StdACChrominance;
    int[] counts = new int[HuffmanTable.MAX_BITS + 1];
    for (int i = 0; i < usual.getLengths().length; i++) {
      counts[i + 1] = usual.getLengths()[i];
    }
    byte[] values = new byte[usual.getValues().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) usual.getValues()[i];
    }
    return new HuffmanTable(counts, values);
  }

  void readHuffman(JpegInput input) throws EOFException, CorruptJpegException {
    int end = input.segmentEnd();
    while (input.position() + 1 + HuffmanTable.MAX_BITS <= end) {
      int selector = input.unsignedByte();
      int[] counts = new int[HuffmanTable.MAX_BITS + 1];
      for (int bits = 1; bits <= HuffmanTable.MAX_BITS; bits++) {
        counts[bits] = input.unsignedByte();
      }
      int values = Arrays.stream(counts).sum();
      if (selector >> 4 > 1
          || (selector & 15) >= COUNT
          || values > MAX_VALUES
          || values > end - input.position()) {
        throw new CorruptJpegException("a Huffman table is corrupt");
      }
      byte[] all = new byte[values];
      for (int i = 0; i < values; i++) {
        all[i] = (byte) input.unsignedByte();
      }
      huffman[selector >> 4][selector & 15] = new HuffmanTable(counts, all);
    }
    input.position(end);
  }

  void readQuantization(JpegInput input) throws EOFException, CorruptJpegException {
    int end = input.segmentEnd();
    while (input.position() < end) {
      int selector = input.unsignedByte();
      boolean words = selector >> 4 != 0;
      int bytes = words ? 2 * Component.COEFFICIENTS : Component.COEFFICIENTS;
      if ((selector & 15) >= COUNT || bytes > end - input.position()) {
        throw new CorruptJpegException("a quantization table is corrupt");
      }
      int[] table = new int[Component.COEFFICIENTS];
      for (int i = 0; i < table.length; i++) {
        table[BlockReader.naturalOrder(i)] = words ? input.unsignedShort() : input.unsignedByte();
      }
      quantization[selector & 15] = table;
    }
    input.position(end);
  }

  void readRestartInterval(JpegInput input) throws EOFException, CorruptJpegException {
    int end = input.segmentEnd();
    restartInterval = input.unsignedShort();
    input.position(end);
  }
}
