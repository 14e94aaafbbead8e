package dev.showo2.media.jpeg.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One scan: entropy-coded coefficients of some components. Not thread-safe. */
final class Scan {

  private static final int MAX_BLOCKS_OF_UNIT = 10;

  /** Coefficients in the order of the file; corrupt runs may lead behind the last one. */
  private static final int[] NATURAL_ORDER = naturalOrder();

  private final JpegFrame frame;
  private final JpegInput input;
  private final List<Component> components;
  private final int firstCoefficient;
  private final int lastCoefficient;
  private final boolean refinement;
  private final int shift;
  private final int restartInterval;
  private final EntropyBits bits;
  private int unitsToRestart;
  private int nextRestart;
  private int endOfBandRun;

  private Scan(
      JpegFrame frame,
      JpegInput input,
      Tables tables,
      List<Component> components,
      int first,
      int last,
      int approximation)
      throws CorruptJpegException {
    this.frame = frame;
    this.input = input;
    this.components = components;
    this.restartInterval = tables.restartInterval();
    this.unitsToRestart = restartInterval;
    this.bits = new EntropyBits(input);
    this.firstCoefficient = frame.progressive() ? first : 0;
    this.lastCoefficient = frame.progressive() ? last : Component.COEFFICIENTS - 1;
    this.refinement = frame.progressive() && approximation >> 4 != 0;
    this.shift = frame.progressive() ? approximation & 15 : 0;
    if (frame.progressive()) {
      requireProgression(approximation >> 4);
    }
    int blocks = 0;
    for (Component each : components) {
      each.prediction = 0;
      each.latchQuantization(tables.quantization());
      blocks += each.horizontal * each.vertical;
    }
    if (isInterleaved() && blocks > MAX_BLOCKS_OF_UNIT) {
      throw new CorruptJpegException("a unit has " + blocks + " blocks");
    }
  }

  /** Reads the segment behind the marker of a scan. */
  static Scan read(JpegInput input, JpegFrame frame, Tables tables) throws IOException {
    int end = input.segmentEnd();
    int count = input.unsignedByte();
    if (count < 1 || count > frame.components().size() || input.position() + 2 * count + 3 != end) {
      throw new CorruptJpegException("a scan has " + count + " components");
    }
    List<Component> components = new ArrayList<>();
    int[] selectors = new int[count];
    for (int i = 0; i < count; i++) {
      components.add(component(frame, input.unsignedByte(), components));
      selectors[i] = input.unsignedByte();
    }
    int first = input.unsignedByte();
    int last = input.unsignedByte();
    Scan scan = new Scan(frame, input, tables, components, first, last, input.unsignedByte());
    for (int i = 0; i < count; i++) {
      if (scan.firstCoefficient == 0 && !scan.refinement) {
        components.get(i).dcTable = tables.huffman(Tables.Kind.DC, selectors[i] >> 4);
      }
      if (scan.lastCoefficient > 0) {
        components.get(i).acTable = tables.huffman(Tables.Kind.AC, selectors[i] & 15);
      }
    }
    return scan;
  }

  private static Component component(JpegFrame frame, int id, List<Component> taken)
      throws CorruptJpegException {
    for (Component each : frame.components()) {
      if (each.id == id && !taken.contains(each)) {
        return each;
      }
    }
    throw new CorruptJpegException("a scan has the component " + id + ", which the frame has not");
  }

  private void requireProgression(int before) throws CorruptJpegException {
    boolean band =
        firstCoefficient == 0
            ? lastCoefficient == 0
            : firstCoefficient <= lastCoefficient
                && lastCoefficient < Component.COEFFICIENTS
                && components.size() == 1;
    if (!band || shift > 13 || refinement && shift != before - 1) {
      throw new CorruptJpegException(
          "a scan has the coefficients "
              + firstCoefficient
              + " to "
              + lastCoefficient
              + " from bit "
              + before
              + " to "
              + shift);
    }
  }

  private boolean isInterleaved() {
    return components.size() > 1;
  }

  /** Whether the scan has all that there is of the image. */
  boolean isWhole() {
    return !frame.progressive() && components.size() == frame.components().size();
  }

  /** Decodes the coefficients of all blocks into their components. */
  void decodeAll() throws IOException {
    int rows = isInterleaved() ? frame.size().unitsHigh() : components.get(0).blocksHigh;
    for (int row = 0; row < rows; row++) {
      if (bits.isExhausted() && restartInterval == 0) {
        return; // the blocks that are missing stay as they are
      }
      decodeRow(row, null);
    }
  }

  /**
   * Decodes a row of units.
   *
   * @param row of the units; of blocks if there is one component
   * @param dct turns each block into samples; null if coefficients are kept
   */
  void decodeRow(int row, InverseDct dct) throws IOException {
    if (!isInterleaved()) {
      Component component = components.get(0);
      for (int column = 0; column < component.blocksWide; column++) {
        restartIfDue();
        decode(component, row, column, dct);
        unitsToRestart--;
      }
      return;
    }
    for (int unit = 0; unit < frame.size().unitsWide(); unit++) {
      restartIfDue();
      // All blocks of a unit whose bits ended are read; those of later units are not.
      boolean present = !bits.isExhausted();
      for (Component component : components) {
        for (int y = 0; y < component.vertical; y++) {
          for (int x = 0; x < component.horizontal; x++) {
            int blockRow = row * component.vertical + y;
            int blockColumn = unit * component.horizontal + x;
            if (present) {
              decode(component, blockRow, blockColumn, dct);
            } else {
              miss(component, blockRow, blockColumn, dct);
            }
          }
        }
      }
      unitsToRestart--;
    }
  }

  private void restartIfDue() throws IOException {
    if (restartInterval == 0 || unitsToRestart != 0) {
      return;
    }
    if (input.restart(nextRestart)) {
      bits.restart();
    } else {
      bits.drop();
    }
    nextRestart = nextRestart + 1 & 7;
    unitsToRestart = restartInterval;
    endOfBandRun = 0;
    components.forEach(each -> each.prediction = 0);
  }

  private final short[] block = new short[Component.COEFFICIENTS];

  private void decode(Component component, int row, int column, InverseDct dct) throws IOException {
    boolean present = isInterleaved() || !bits.isExhausted();
    if (dct != null) {
      Arrays.fill(block, (short) 0);
      if (present) {
        decodeSequential(component, block, 0);
      }
      component.transform(block, 0, row, column, dct);
    } else if (present) {
      short[] coefficients = component.coefficients;
      int at = component.coefficientsOf(row, column);
      if (!frame.progressive()) {
        decodeSequential(component, coefficients, at);
      } else if (firstCoefficient > 0) {
        if (refinement) {
          refineAc(component, coefficients, at);
        } else {
          decodeAc(component, coefficients, at);
        }
      } else if (refinement) {
        coefficients[at] |= (short) (bits.read(1) << shift);
      } else {
        decodeDc(component, coefficients, at);
      }
    }
  }

  private void miss(Component component, int row, int column, InverseDct dct) {
    if (dct != null) {
      Arrays.fill(block, (short) 0);
      component.transform(block, 0, row, column, dct);
    }
  }

  private void decodeSequential(Component component, short[] to, int at) throws IOException {
    decodeDc(component, to, at);
    HuffmanTable table = component.acTable;
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

  private void decodeDc(Component component, short[] to, int at) throws IOException {
    component.prediction += bits.readSigned(bits.decode(component.dcTable));
    to[at] = (short) (component.prediction << shift);
  }

  private void decodeAc(Component component, short[] to, int at) throws IOException {
    if (endOfBandRun > 0) {
      endOfBandRun--;
      return;
    }
    for (int k = firstCoefficient; k <= lastCoefficient; k++) {
      int symbol = bits.decode(component.acTable);
      int size = symbol & 15;
      int run = symbol >> 4;
      if (size != 0) {
        k += run;
        to[at + NATURAL_ORDER[k]] = (short) (bits.readSigned(size) << shift);
      } else if (run == 15) {
        k += 15;
      } else {
        endOfBandRun = (1 << run) + bits.read(run) - 1;
        return;
      }
    }
  }

  private void refineAc(Component component, short[] to, int at) throws IOException {
    int k = firstCoefficient;
    while (endOfBandRun == 0 && k <= lastCoefficient) {
      int symbol = bits.decode(component.acTable);
      int run = symbol >> 4;
      int added = 0;
      if ((symbol & 15) != 0) {
        added = bits.read(1) != 0 ? 1 << shift : -1 << shift;
      } else if (run != 15) {
        endOfBandRun = (1 << run) + bits.read(run);
        break;
      }
      // Refines what is there on the way to the place of the new coefficient.
      for (; k <= lastCoefficient; k++) {
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
      for (; k <= lastCoefficient; k++) {
        int index = at + NATURAL_ORDER[k];
        if (to[index] != 0) {
          refine(to, index);
        }
      }
      endOfBandRun--;
    }
  }

  private void refine(short[] to, int index) throws IOException {
    int bit = 1 << shift;
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
