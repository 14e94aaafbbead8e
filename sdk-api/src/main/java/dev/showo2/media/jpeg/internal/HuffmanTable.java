package dev.showo2.media.jpeg.internal;

import java.util.Arrays;

/** The codes of a Huffman table, ready to decode. Immutable. */
final class HuffmanTable {

  static final int MAX_BITS = 16;

  /** What a code decodes to that the table does not have, as in libjpeg. */
  private static final int INVALID = (MAX_BITS + 1) << 8;

  private static final int LOOKUP_BITS = 9;

  /** For all beginnings: bits of the code in the high byte, value in the low one; 0 if longer. */
  private final short[] lookup = new short[1 << LOOKUP_BITS];

  /** The end of all codes of a number of bits, with zeros behind up to 16 bits. */
  private final int[] end = new int[MAX_BITS + 1];

  /** What has to be added to a code for the index of its value. */
  private final int[] offset = new int[MAX_BITS + 1];

  private final byte[] values;

  /**
   * @param counts of the codes of 1 to 16 bits, from index 1
   * @param values in the order of their codes
   */
  HuffmanTable(int[] counts, byte[] values) throws CorruptJpegException {
    this.values = values;
    int code = 0;
    int index = 0;
    for (int bits = 1; bits <= MAX_BITS; bits++) {
      offset[bits] = index - code;
      if (code + counts[bits] > 1 << bits) {
        throw new CorruptJpegException("a Huffman table has more codes than bits allow");
      }
      for (int i = 0; i < counts[bits]; i++, code++, index++) {
        enter(code, bits, values[index]);
      }
      end[bits] = code << MAX_BITS - bits;
      code <<= 1;
    }
  }

  private void enter(int code, int bits, byte value) {
    if (bits <= LOOKUP_BITS) {
      int first = code << LOOKUP_BITS - bits;
      short entry = (short) (bits << 8 | value & 0xff);
      Arrays.fill(lookup, first, first + (1 << LOOKUP_BITS - bits), entry);
    }
  }

  /**
   * Finds the code at the beginning of some bits.
   *
   * @param next 16 bits
   * @return number of bits, times 256, plus value; 17 bits for an invalid code
   */
  int find(int next) {
    int entry = lookup[next >> MAX_BITS - LOOKUP_BITS];
    if (entry != 0) {
      return entry;
    }
    for (int bits = LOOKUP_BITS + 1; bits <= MAX_BITS; bits++) {
      if (next < end[bits]) {
        int code = next >> MAX_BITS - bits;
        return bits << 8 | values[code + offset[bits]] & 0xff;
      }
    }
    return INVALID;
  }

  /** Whether all values are numbers of bits that a DC coefficient can have. */
  boolean isForDc() {
    for (byte value : values) {
      if ((value & 0xff) > 15) {
        return false;
      }
    }
    return true;
  }
}
