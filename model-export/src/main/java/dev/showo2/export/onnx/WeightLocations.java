package dev.showo2.export.onnx;

/** Finds the bytes of weights by their key. */
@FunctionalInterface
public interface WeightLocations {

  /**
   * @throws IllegalArgumentException if there is no such weight; the exporter checks all keys first
   */
  WeightLocation locate(String key);
}
