package dev.showo2.export.internal.architecture;

import dev.showo2.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects keys with their shapes in the order in which they are written. */
final class KeyList {

  private final Map<String, Shape> keys = new LinkedHashMap<>();

  KeyList add(String key, long... shape) {
    keys.put(key, Shape.of(shape));
    return this;
  }

  /** A weight [out, in] and a bias [out]. */
  KeyList linear(String key, long out, long in) {
    return add(key + ".weight", out, in).add(key + ".bias", out);
  }

  KeyList linearWithoutBias(String key, long out, long in) {
    return add(key + ".weight", out, in);
  }

  /** A weight [out, in, kernel...] and a bias [out]. */
  KeyList convolution(String key, long out, long in, long... kernel) {
    long[] shape = new long[kernel.length + 2];
    shape[0] = out;
    shape[1] = in;
    System.arraycopy(kernel, 0, shape, 2, kernel.length);
    return add(key + ".weight", shape).add(key + ".bias", out);
  }

  KeyList layerNorm(String key, long width) {
    return add(key + ".weight", width).add(key + ".bias", width);
  }

  Map<String, Shape> toMap() {
    return Collections.unmodifiableMap(keys);
  }
}
