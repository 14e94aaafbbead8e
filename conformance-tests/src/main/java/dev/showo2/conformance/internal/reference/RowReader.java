package dev.showo2.conformance.internal.reference;

import dev.showo2.model.internal.FloatDecoding;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/** Decodes the rows of a weight, each when it is asked for. */
interface RowReader {

  /** Numbers along the inputs that share a scale in 4-bit integers. */
  int BLOCK = 32;

  /** A copy of one row. */
  double[] row(int row);

  static RowReader float32(MappedRows values) {
    return row -> {
      float[] floats = new float[values.columns()];
      values.row(row).asFloatBuffer().get(floats);
      return Matrix.doubles(floats);
    };
  }

  static RowReader float16(MappedRows values) {
    return row -> {
      double[] decoded = new double[values.columns()];
      ByteBuffer halves = values.row(row);
      for (int i = 0; i < decoded.length; i++) {
        decoded[i] = FloatDecoding.fromFloat16(halves.getShort());
      }
      return decoded;
    };
  }

  /** The upper halves of 32-bit floats. */
  static RowReader brainFloat16(MappedRows values) {
    return row -> {
      double[] decoded = new double[values.columns()];
      ByteBuffer halves = values.row(row);
      for (int i = 0; i < decoded.length; i++) {
        decoded[i] = Float.intBitsToFloat(halves.getShort() << 16);
      }
      return decoded;
    };
  }

  /**
   * 8-bit integers.
   *
   * @param scales one for each row
   */
  static RowReader int8(MappedRows values, MappedRows scales) {
    return row -> {
      double scale = scales.row(row).getFloat();
      double[] decoded = new double[values.columns()];
      ByteBuffer integers = values.row(row);
      for (int i = 0; i < decoded.length; i++) {
        decoded[i] = integers.get() * scale;
      }
      return decoded;
    };
  }

  /**
   * 4-bit integers in two's complement, two in a byte, the first in its lower half.
   *
   * @param scales one for each {@value #BLOCK} of a row
   */
  static RowReader int4(MappedRows values, MappedRows scales) {
    return row -> {
      FloatBuffer blocks = scales.row(row).asFloatBuffer();
      ByteBuffer pairs = values.row(row);
      double[] decoded = new double[2 * values.columns()];
      for (int i = 0; i < decoded.length; i += 2) {
        int pair = pairs.get();
        double scale = blocks.get(i / BLOCK);
        decoded[i] = (pair << 28 >> 28) * scale;
        decoded[i + 1] = (pair >> 4) * scale;
      }
      return decoded;
    };
  }
}
