package dev.showo2.export.inspect;

import dev.showo2.tensor.Shape;
import java.util.Locale;
import org.apiguardian.api.API;

/** How the matrices of a model may be held. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum WeightPrecision {
  /** 4 bytes a value. */
  FP32,
  /** 2 bytes a value. */
  BF16,
  /** 2 bytes a value. */
  FP16,
  /** 1 byte a value, and a 32-bit scale for each output channel. */
  INT8,
  /** Half a byte a value, and a 32-bit scale for each block of 32 inputs of an output channel. */
  INT4;

  private static final int BLOCK = 32;

  /** Such as {@code bf16}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Bytes of a matrix [out, in...]. With n = out · in: 4n, 2n, 2n, n + 4·out, and for {@link #INT4}
   * out · ⌈in / 32⌉ · (16 + 4); a last block that is not full takes as much as a full one.
   */
  long bytes(Shape matrix) {
    long values = matrix.elementCount();
    long outputs = matrix.dimension(0);
    return switch (this) {
      case FP32 -> values * Float.BYTES;
      case BF16, FP16 -> values * Short.BYTES;
      case INT8 -> values + outputs * Float.BYTES;
      case INT4 -> {
        long blocks = outputs == 0 ? 0 : (values / outputs + BLOCK - 1) / BLOCK;
        yield outputs * blocks * (BLOCK / 2 + Float.BYTES);
      }
    };
  }

  /** Bytes of a kept key or value: as wide as the activations, which integers do not narrow. */
  int cacheElementBytes() {
    return this == BF16 || this == FP16 ? Short.BYTES : Float.BYTES;
  }
}
