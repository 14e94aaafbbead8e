package dev.showo2.media.jpeg.internal;

import java.io.IOException;
import java.util.Arrays;

/** Reads the coefficients that one scan has of a block. Not thread-safe. */
final class BlockReader {

  /** Coefficients in the order of the file; corrupt runs may lead behind the last one. */
  private static final int[] NATURAL_ORDER = naturalOrder();

  /**
   * The part of the coefficients that a scan has.
   *
   * @param progressive whether it is only a part
   * @param first coefficient in the order of the file
   * @param last coefficient
   * @param refinement whether a bit is added to what earlier scans have
   * @param shift of the lowest bit
   */
  record Part(boolean progressive, int first, int last, boolean refinement, int shift) {}

  private final EntropyBits bits;
  private final Part part;
  private int endOfBandRun;

  BlockReader(EntropyBits bits, Part part) {
    this.bits = bits;
    this.part = part;
  }

  /** Starts again behind a restart marker. */
  void restart() {
    endOfBandRun = 0;
  }

  /**
   * Reads a block.
   *
   * @param source the state of its component
   * @param to holds the coefficients of earlier scans, or zeros
   * @param at the first coefficient in it
   */
  void read(Scan.Source source, short[] to, int at) throws IOException {
    if (!part.progressive()) {
      readWhole(source, to, at);
    } else if (part.first() > 0) {
      if (part.refinement()) {
        refineAc(source.acTable, to, at);
      } else {
        readAc(source.acTable, to, at);
      }
    } else if (part.refinement()) {
      to[at] |= (short) (bits.read(1) << part.shift());
    } else {
      readDc(source, to, at);
    }
  }

  private void readWhole(Scan.Source source, short[] to, int at) throws IOException {
    readDc(source, to, at);
    HuffmanTable table = source.acTable;
    for (int k = 1; k < Component.COEFFICIENTS; k++) {
      int symbol = bits.decode(table);
      int size = symbol & 15;
      int run = symbol >> 4;
      if (size != 0) {
        k += run;
        to[at + NATURAL_ORDER[k]] = (short) bits.readSigned(size);
      } else if (run == 15) {
        k += 15;
      } else {
        return;
      }
    }
  }

  private void readDc(Scan.Source source, short[] to, int at) throws IOException {
    source.prediction += bits.readSigned(bits.decode(source.dcTable));
    to[at] = (short) (source.prediction << part.shift());
  }

  private void readAc(HuffmanTable table, short[] to, int at) throws IOException {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return;
    }
    for (int k = part.first(); k <= part.last(); k++) {
      int symbol = bits.decode(table);
      int size = symbol & 15;
      int run = symbol >> 4;
      if (size != 0) {
        k += run;
        to[at + NATURAL_ORDER[k]] = (short) (bits.readSigned(size) << part.shift());
      } else if (run == 15) {
        k += 15;
      } else {
        endOfBandRun = (1 << run) + bits.read(run) - 1;
        return;
      }
    }
  }

  private void refineAc(HuffmanTable table, short[] to, int at) throws IOException {
    int k = part.first();
    while (endOfBandRun == 0 && k <= part.last()) {
      int symbol = bits.decode(table);
      int run = symbol >> 4;
      int added = 0;
      if ((symbol & 15) != 0) {
        added = bits.read(1) != 0 ? 1 << part.shift() : -1 << part.shift();
      } else if (run != 15) {
        endOfBandRun = (1 << run) + bits.read(run);
        break;
      }
      // Refines what is there on the way to the place of the new coefficient.
      for (; k <= part.last(); k++) {
        int index = at + NATURAL_ORDER[k];
        if (to[index] != 0) {
          refine(to, index);
        } else if (run-- == 0) {
          break;
        }
      }
      if (added != 0) {
        to[at + NATURAL_ORDER[k]] = (short) added;
      }
      k++;
    }
    if (endOfBandRun > 0) {
      for (; k <= part.last(); k++) {
        int index = at + NATURAL_ORDER[k];
        if (to[index] != 0) {
          refine(to, index);
        }
      }
      endOfBandRun--;
    }
  }

  private void refine(short[] to, int index) throws IOException {
    int bit = 1 << part.shift();
    if (bits.read(1) != 0 && (to[index] & bit) == 0) {
      to[index] += (short) (to[index] >= 0 ? bit : -bit);
    }
  }

  /** The place of a coefficient, which the file has in zigzag order. */
  static int naturalOrder(int index) {
    return NATURAL_ORDER[index];
  }

  private static int[] naturalOrder() {
    int[] order = new int[Component.COEFFICIENTS + 16];
    Arrays.fill(order, Component.COEFFICIENTS - 1);
    int row = 0;
    int column = 0;
    for (int i = 0; i < Component.COEFFICIENTS; i++) {
      order[i] = row * Component.BLOCK + column;
      boolean up = (row + column) % 2 == 0;
      if (up && column == 7 || !up && row < 7 && column == 0) {
        row++;
      } else if (up && row == 0 || !up && row == 7) {
        column++;
      } else {
        row += up ? -1 : 1;
        column += up ? 1 : -1;
      }
    }
    return order;
  }
}
