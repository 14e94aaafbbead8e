package dev.showo2.export.internal.quantization;

import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/** Storage type of a weight in a bundle. */
@API(status = API.Status.INTERNAL, since = "0.1")
public enum WeightEncoding {
  FLOAT32(ElementType.FLOAT32),
  FLOAT16(ElementType.FLOAT16),
  BFLOAT16(ElementType.BFLOAT16),

  /** {@code KEY} I8 [out, in] and {@code KEY_scale} F32 [out]; see {@link Int8Row}. */
  INT8(ElementType.INT8),

  /**
   * {@code KEY} U8 [out, in / 2], two integers in a byte, and {@code KEY_scale} F32 [out, in / 32];
   * see {@link Int4Block}. Inputs must be a multiple of 32.
   */
  INT4(ElementType.UINT8);

  private final ElementType type;

  WeightEncoding(ElementType type) {
    this.type = type;
  }

  /** Of the values in the file. */
  public ElementType type() {
    return type;
  }

  /** Whether values are integers that a scale belongs to. */
  public boolean isScaled() {
    return this == INT8 || this == INT4;
  }

  /** The shape of the values in the file, of a weight of the given shape. */
  public Shape stored(Shape shape) {
    return this == INT4 ? Shape.of(shape.dimension(0), shape.dimension(1) / 2) : shape;
  }

  /** The shape of the scales. */
  public Shape scales(Shape shape) {
    return this == INT4
        ? Shape.of(shape.dimension(0), shape.dimension(1) / Int4Block.LENGTH)
        : Shape.of(shape.dimension(0));
  }

  /**
   * The name of a weight whose layer changes its inputs. It has no values under its own name, so
   * that nobody takes these for it.
   */
  public static String transformedKey(String key) {
    return key + "_transformed";
  }

  /** The name of factors, F32 [in], that such a layer's inputs are multiplied by. */
  public static String inputFactorsKey(String key) {
    return key + "_input_factors";
  }

  /**
   * The name of the matrix, F32 [block, block], that multiplies blocks of such inputs after that.
   */
  public static String inputRotationKey(String key) {
    return key + "_input_rotation";
  }

  /** The name of the scales of a weight. */
  public static String scaleKey(String key) {
    return key + "_scale";
  }
}
