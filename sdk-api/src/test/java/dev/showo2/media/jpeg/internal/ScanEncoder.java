package dev.showo2.media.jpeg.internal;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Encodes the coefficients of some components as one scan (ITU T.81, F.1.2 and G.1.2), with Huffman
 * tables of its own: a random order of values for codes of fixed lengths.
 */
final class ScanEncoder {

  /**
   * A component.
   *
   * @param id in the frame
   * @param horizontal blocks in a unit, side by side
   * @param vertical blocks in a unit, one below the other
   * @param wide blocks that hold pixels
   * @param high blocks that hold pixels
   * @param blocks rows of blocks, with those that fill the last units; coefficients in zigzag order
   */
  record Plane(int id, int horizontal, int vertical, int wide, int high, short[][][] blocks) {}

  /**
   * The part of the coefficients that is encoded.
   *
   * @param planes by index
   * @param first coefficient
   * @param last coefficient
   * @param before bit above which earlier scans have the coefficients, 0 for none
   * @param shift of the lowest bit
   * @param restartInterval in units, 0 for none
   */
  record Part(
      List<Integer> planes, int first, int last, int before, int shift, int restartInterval) {}

  private final Part part;
  private final boolean progressive;
  private final List<Integer> dcValues = new ArrayList<>();
  private final List<Integer> acValues = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringBuilder bits = new StringBuilder();

  /** Of the blocks whose end is not yet encoded. */
  private final StringBuilder corrections = new StringBuilder();

  private int endOfBandRun;
  private final int[] predictions = new int[4];

  private ScanEncoder(Part part, boolean progressive, Random random) {
    this.part = part;
    this.progressive = progressive;
    for (int i = 0; i < 256; i++) {
      acValues.add(i);
      if (i < 16) {
        dcValues.add(i);
      }
    }
    Collections.shuffle(dcValues, random);
    Collections.shuffle(acValues, random);
  }

  /** The segments of tables and scan, and the data. */
  static byte[] encode(List<Plane> planes, Part part, boolean progressive, Random random) {
    ScanEncoder encoder = new ScanEncoder(part, progressive, random);
    encoder.segments(planes);
    encoder.data(planes);
    return encoder.out.toByteArray();
  }

  private void segments(List<Plane> planes) {
    segment(0xdd, part.restartInterval() >> 8, part.restartInterval());
    table(0x00, 5, 16, dcValues);
    table(0x10, 8, 128, acValues);
    int count = part.planes().size();
    int[] header = new int[2 * count + 4];
    header[0] = count;
    for (int i = 0; i < count; i++) {
      header[2 * i + 1] = planes.get(part.planes().get(i)).id();
    }
    header[2 * count + 1] = part.first();
    header[2 * count + 2] = part.last();
    header[2 * count + 3] = part.before() << 4 | part.shift();
    segment(0xda, header);
  }

  private void table(int selector, int length, int count, List<Integer> values) {
    int[] content = new int[17 + values.size()];
    content[0] = selector;
    content[length] = count;
    content[length + 1] = values.size() - count;
    for (int i = 0; i < values.size(); i++) {
      content[17 + i] = values.get(i);
    }
    segment(0xc4, content);
  }

  private void segment(int marker, int... content) {
    out.write(0xff);
    out.write(marker);
    out.write(content.length + 2 >> 8);
    out.write(content.length + 2);
    for (int each : content) {
      out.write(each);
    }
  }

  private void data(List<Plane> planes) {
    Plane first = planes.get(part.planes().get(0));
    boolean alone = part.planes().size() == 1;
    int wide = alone ? first.wide() : first.blocks()[0].length / first.horizontal();
    int high = alone ? first.high() : first.blocks().length / first.vertical();
    for (int unit = 0; unit < wide * high; unit++) {
      if (part.restartInterval() > 0 && unit > 0 && unit % part.restartInterval() == 0) {
        flush();
        out.write(0xff);
        out.write(0xd0 | unit / part.restartInterval() - 1 & 7);
      }
      for (int index : part.planes()) {
        Plane plane = planes.get(index);
        int horizontal = alone ? 1 : plane.horizontal();
        int vertical = alone ? 1 : plane.vertical();
        for (int i = 0; i < horizontal * vertical; i++) {
          int row = unit / wide * vertical + i / horizontal;
          int column = unit % wide * horizontal + i % horizontal;
          block(index, plane.blocks()[row][column]);
        }
      }
    }
    flush();
  }

  private void block(int index, short[] block) {
    if (part.first() == 0 && part.before() > 0) {
      bits.append(block[0] >> part.shift() & 1);
    } else if (part.first() == 0) {
      int value = block[0] >> part.shift();
      int size = size(value - predictions[index]);
      code(dcValues, 5, 16, size);
      signed(value - predictions[index], size);
      predictions[index] = value;
    }
    if (part.before() > 0 && part.first() > 0) {
      refine(block);
    } else if (part.last() > 0) {
      alternating(block);
    }
  }

  private void alternating(short[] block) {
    int zeros = 0;
    for (int k = Math.max(1, part.first()); k <= part.last(); k++) {
      int value = shifted(block[k]);
      if (value == 0) {
        zeros++;
        continue;
      }
      endBlocks();
      for (; zeros > 15; zeros -= 16) {
        ac(0xf0);
      }
      ac(zeros << 4 | size(value));
      signed(value, size(value));
      zeros = 0;
    }
    if (zeros > 0) {
      endOfBandRun++;
      if (!progressive) {
        endBlocks();
      }
    }
  }

  private void refine(short[] block) {
    int lastNew = 0;
    for (int k = part.first(); k <= part.last(); k++) {
      lastNew = Math.abs(shifted(block[k])) == 1 ? k : lastNew;
    }
    int zeros = 0;
    StringBuilder own = new StringBuilder();
    for (int k = part.first(); k <= part.last(); k++) {
      int magnitude = Math.abs(shifted(block[k]));
      if (magnitude == 0) {
        zeros++;
        continue;
      }
      for (; zeros > 15 && k <= lastNew; zeros -= 16) {
        endBlocks();
        ac(0xf0);
        bits.append(own);
        own.setLength(0);
      }
      if (magnitude > 1) {
        own.append(magnitude & 1);
        continue;
      }
      endBlocks();
      ac(zeros << 4 | 1);
      bits.append(block[k] > 0 ? 1 : 0).append(own);
      own.setLength(0);
      zeros = 0;
    }
    if (zeros > 0 || own.length() > 0) {
      endOfBandRun++;
      corrections.append(own);
    }
  }

  /** Encodes that some blocks have nothing more, and the bits that refine what they have. */
  private void endBlocks() {
    if (endOfBandRun > 0) {
      int size = size(endOfBandRun) - 1;
      ac(size << 4);
      number(endOfBandRun, size);
      bits.append(corrections);
    }
    endOfBandRun = 0;
    corrections.setLength(0);
  }

  private void flush() {
    endBlocks();
    while (bits.length() % 8 != 0) {
      bits.append(1);
    }
    for (int i = 0; i < bits.length(); i += 8) {
      int next = Integer.parseInt(bits.substring(i, i + 8), 2);
      out.write(next);
      if (next == 0xff) {
        out.write(0);
      }
    }
    bits.setLength(0);
    Arrays.fill(predictions, 0);
  }

  private int shifted(int value) {
    return value < 0 ? -(-value >> part.shift()) : value >> part.shift();
  }

  private static int size(int value) {
    return 32 - Integer.numberOfLeadingZeros(Math.abs(value));
  }

  private void ac(int symbol) {
    code(acValues, 8, 128, symbol);
  }

  private void code(List<Integer> values, int length, int count, int symbol) {
    int index = values.indexOf(symbol);
    boolean isLong = index >= count;
    number(isLong ? index + count : index, isLong ? length + 1 : length);
  }

  private void signed(int value, int size) {
    number(value < 0 ? value - 1 : value, size);
  }

  private void number(int value, int size) {
    for (int bit = size - 1; bit >= 0; bit--) {
      bits.append(value >> bit & 1);
    }
  }
}
