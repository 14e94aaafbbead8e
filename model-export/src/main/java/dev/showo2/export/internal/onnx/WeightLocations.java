package dev.showo2.export.internal.onnx;

import java.util.Optional;
import org.apiguardian.api.API;

/** Finds the bytes of weights by their key. */
@API(status = API.Status.INTERNAL, since = "0.1")
@FunctionalInterface
public interface WeightLocations {

  /** Empty if there is no such weight. */
  Optional<WeightLocation> find(String key);

  /**
   * @throws IllegalArgumentException if there is no such weight; the exporter checks all keys first
   */
  default WeightLocation locate(String key) {
    return find(key)
        .orElseThrow(() -> new IllegalArgumentException("no weight '" + key + "' was written"));
  }
}
