package dev.showo2.conformance.property;

import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** One backend that runs a {@link StageCase}. Inputs are drawn here, the same for every backend. */
final class StageRun {

  private static final long SEED = 20_26;

  private final Backend backend;
  private final Architecture sizes;
  private final Set<Stage> compared;
  private final Random random = new Random(SEED);
  private final Map<String, HostTensor> results = new LinkedHashMap<>();

  private StageRun(Backend backend, Architecture sizes, Set<Stage> compared) {
    this.backend = backend;
    this.sizes = sizes;
    this.compared = compared;
  }

  /**
   * @param compared stages that are to be used
   * @return the results by name, in the order in which they came
   */
  static Map<String, HostTensor> of(
      StageCase stageCase, Backend backend, Architecture sizes, Set<Stage> compared) {
    StageRun run = new StageRun(backend, sizes, compared);
    stageCase.run(run);
    return run.results;
  }

  Backend backend() {
    return backend;
  }

  Architecture sizes() {
    return sizes;
  }

  /** Whether the stage is to be used: a backend that lacks it is not judged by it. */
  boolean compares(Stage stage) {
    return compared.contains(stage);
  }

  /** Normally distributed values. */
  Tensor noise(long... shape) {
    HostTensor values = HostTensor.zeros(Shape.of(shape));
    for (int i = 0; i < values.values().length; i++) {
      values.values()[i] = (float) random.nextGaussian();
    }
    return backend.upload(values);
  }

  /** Pixels from -1 to 1. */
  Tensor pixels(long... shape) {
    HostTensor values = HostTensor.zeros(Shape.of(shape));
    for (int i = 0; i < values.values().length; i++) {
      values.values()[i] = 2 * random.nextFloat() - 1;
    }
    return backend.upload(values);
  }

  /** Token ids of the whole vocabulary. */
  int[] tokens(int length) {
    return random.ints(length, 0, sizes.backbone().vocabularySize()).toArray();
  }

  /** Reads a result and closes it. */
  void keep(String name, Tensor result) {
    try (result) {
      if (results.put(name, result.toHost()) != null) {
        throw new IllegalArgumentException("two results are named '" + name + "'");
      }
    }
  }
}
