package dev.showo2.export.internal.quantization;

import org.apiguardian.api.API;

/**
 * A rotation of the inputs of a layer, block by block, by a regular Hadamard matrix: a large input
 * is spread over its block, so that 8 bits do for all of them. With R the rotation, W · x is (W ·
 * R) · (R · x). The matrix is its own transpose and inverse. Regular means that all rows have the
 * same sum: where all inputs of a block are alike, none becomes large, as ConvRot found.
 *
 * <p>(ConvRot: Rotation-Based Plug-and-Play 4-bit Quantization for Diffusion Transformers.)
 *
 * @param size of a block: 4, 16 or 64
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record BlockRotation(int size) {

  private static final int LARGEST = 64;

  /** The rotation of layers with so many inputs; a block of 1 leaves them as they are. */
  public static BlockRotation of(int inputs) {
    int size = LARGEST;
    while (inputs % size != 0) {
      size /= 4;
    }
    return new BlockRotation(size);
  }

  /** Whether it changes anything. */
  public boolean spreads() {
    return size > 1;
  }

  /** Rotates the blocks of a row in place. */
  public void apply(float[] values, int start, int length) {
    for (int stride = 1; stride < size; stride *= 4) {
      for (int i = start; i < start + length; i++) {
        // The first of four that are combined.
        if ((i - start) / stride % 4 == 0) {
          float a = values[i];
          float b = values[i + stride];
          float c = values[i + 2 * stride];
          float d = values[i + 3 * stride];
          float half = (a + b + c + d) / 2;
          values[i] = half - d;
          values[i + stride] = half - c;
          values[i + 2 * stride] = half - b;
          values[i + 3 * stride] = half - a;
        }
      }
    }
  }

  /** The matrix of a block [size, size], row by row. */
  public float[] matrix() {
    float[] matrix = new float[size * size];
    for (int i = 0; i < size; i++) {
      matrix[i * size + i] = 1;
    }
    apply(matrix, 0, matrix.length);
    return matrix;
  }
}
