package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.Engine;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Profile;
import dev.showo2.backend.tensorrt.internal.device.EngineSpec.Range;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.Map;

/** The engine of a stage with the profiles that it was built for. */
record StageEngine(Stage stage, Engine engine, EngineSpec spec) {

  /**
   * The first profile that takes inputs of these shapes.
   *
   * @throws UnsupportedFeatureException if there is none
   */
  int profile(Map<String, Shape> shapes) {
    for (int i = 0; i < spec.profiles().size(); i++) {
      if (outside(spec.profiles().get(i), shapes) == null) {
        return i;
      }
    }
    Profile widest = spec.profiles().get(spec.profiles().size() - 1);
    String input = outside(widest, shapes);
    Range range = widest.shapes().get(input);
    throw new UnsupportedFeatureException(
        "stage "
            + stage.id()
            + ": the engine was built for "
            + input
            + " from "
            + range.least()
            + " to "
            + range.most()
            + ", found "
            + shapes.get(input)
            + "; open the backend with larger values of "
            + TensorRtOptions.Limits.OPTIONS);
  }

  /** The name of an input that a profile does not take, or null. */
  private static String outside(Profile profile, Map<String, Shape> shapes) {
    for (Map.Entry<String, Shape> input : shapes.entrySet()) {
      Range range = profile.shapes().get(input.getKey());
      if (range != null && !range.contains(input.getValue())) {
        return input.getKey();
      }
    }
    return null;
  }
}
