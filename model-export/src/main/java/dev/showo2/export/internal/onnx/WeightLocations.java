package dev.showo2.export.internal.onnx;

import org.apiguardian.api.API;

/** Finds the bytes of weights by their key. */
@API(status = API.Status.INTERNAL, since = "0.1")
@FunctionalInterface
public interface WeightLocations {

  /**
   * @throws IllegalArgumentException if there is no such weight; the exporter checks all keys first
   */
  WeightLocation locate(String key);
}
