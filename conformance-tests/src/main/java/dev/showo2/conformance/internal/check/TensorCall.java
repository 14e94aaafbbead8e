package dev.showo2.conformance.internal.check;

import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * A call of one stage seen as a function of one of its tensors.
 *
 * @param name of the method and the tensor, such as {@code Fusion.fuse latents}
 * @param shape that the tensor may have
 * @param misshapen shapes that it may not have
 */
record TensorCall(
    String name, Stage stage, Shape shape, List<Shape> misshapen, Preparation preparation) {

  /** Makes all else that the call needs. */
  interface Preparation {

    /**
     * @param held takes the caches, streams and other inputs
     * @return the call; it may be made several times
     */
    Function<Tensor, List<Tensor>> on(Backend backend, ResourceScope held);
  }

  /** An argument that is as it should be. */
  HostTensor argument() {
    return Inputs.normal(name.hashCode(), shape.toArray());
  }

  /** What the call gives for the argument, once it is prepared. */
  List<HostTensor> values(Backend backend, Function<Tensor, List<Tensor>> prepared) {
    try (Tensor argument = backend.upload(argument())) {
      return StageCall.hostValues(prepared.apply(argument));
    }
  }

  /** The call with an argument that is as it should be. */
  StageCall withArgument() {
    return new StageCall(
        name,
        stage,
        (backend, inputs) ->
            preparation.on(backend, inputs).apply(inputs.add(backend.upload(argument()))));
  }
}
