package dev.showo2.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * How exactly a stage's weights are kept, the most exact first. Norms, biases, position tables and
 * small constants are 32-bit floats in every precision.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum Precision {
  /** 32-bit floats. */
  FP32,
  /** Matrices and kernels in IEEE 754 half precision. */
  FP16,
  /** Matrices and kernels in bfloat16. */
  BF16,
  /**
   * Matrices in 8-bit integers with a scale per output channel; the inputs of their layers are
   * rounded to 8-bit integers with a scale per token while they are computed.
   */
  INT8,
  /**
   * Matrices in 4-bit integers with a scale for each block of 32 along the inputs; those that have
   * no whole number of blocks as in {@link #INT8}.
   */
  INT4;

  /** The name in manifests and on command lines, such as {@code fp32}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException if no precision is called so
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
