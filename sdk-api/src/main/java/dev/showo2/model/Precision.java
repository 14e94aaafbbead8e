package dev.showo2.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * The storage type of a stage's weights, the highest precision first. Norms, biases, position
 * tables and small constants are 32-bit floats in every precision.
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public enum Precision {
  /** 32-bit floats. */
  FP32,
  /** Matrices and kernels in IEEE 754 half precision. */
  FP16,
  /** Matrices and kernels in bfloat16. */
  BF16,
  /**
   * Matrices with per-channel symmetric int8 quantization (a scale per output channel); the inputs
   * of their layers with per-token dynamic int8 quantization.
   */
  INT8,
  /**
   * Matrices with blockwise int4 quantization (a scale for each block of 32 along the inputs);
   * matrices without a whole number of blocks as in {@link #INT8}.
   */
  INT4;

  /** {@return the name in manifests and on command lines, such as {@code fp32}} */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Finds a precision by its id.
   *
   * @param id as {@link #id} gives it
   * @return the precision
   * @throws IllegalArgumentException if no precision has this id
   */
  public static Precision of(String id) {
    return Arrays.stream(values())
        .filter(precision -> precision.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "a precision is one of " + ids() + "; found '" + id + "'"));
  }

  static String ids() {
    return Arrays.stream(values()).map(Precision::id).collect(Collectors.joining(", "));
  }
}
