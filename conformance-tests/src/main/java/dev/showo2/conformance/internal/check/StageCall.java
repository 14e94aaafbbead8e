package dev.showo2.conformance.internal.check;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/**
 * A short call of one stage with inputs of its own, the same each time.
 *
 * @param name such as {@code Fusion.fuse latents}
 */
record StageCall(String name, Stage stage, Run run) {

  /** Makes the inputs and runs the stage. */
  interface Run {

    /**
     * @param inputs takes the inputs, caches and streams; whoever calls closes it
     * @return the results; whoever calls closes them
     */
    List<Tensor> on(Backend backend, ResourceScope inputs);
  }

  /** All results; nothing stays open. */
  List<HostTensor> values(Backend backend) {
    try (ResourceScope held = new ResourceScope()) {
      return hostValues(run.on(backend, held));
    }
  }

  /** Reads and closes results. */
  static List<HostTensor> hostValues(List<Tensor> results) {
    try (ResourceScope held = new ResourceScope()) {
      results.forEach(held::add);
      return results.stream().map(Tensor::toHost).toList();
    }
  }
}
