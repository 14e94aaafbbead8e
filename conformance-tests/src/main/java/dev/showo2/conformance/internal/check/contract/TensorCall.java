package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

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

  /** Calls of all stages that take a tensor, one for each of their tensors. */
  static List<TensorCall> allOf(CheckContext context) {
    Architecture architecture = context.bundle().architecture();
    return Stream.concat(
            TransformerCalls.of(architecture).stream(), ImageCalls.of(architecture).stream())
        .filter(call -> context.backend().capabilities().supports(call.stage()))
        .toList();
  }

  /**
   * Shapes near a valid one that no stage can take: an axis too few, an axis too many, and one more
   * along each axis that cannot have it.
   *
   * @param strictAxes whose size is given, or has to be a multiple
   */
  static List<Shape> misshapenNear(Shape good, int... strictAxes) {
    List<Shape> shapes = new ArrayList<>();
    long[] sizes = good.toArray();
    shapes.add(Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)));
    long[] more = Arrays.copyOf(sizes, sizes.length + 1);
    more[sizes.length] = 1;
    shapes.add(Shape.of(more));
    for (int axis : strictAxes) {
      shapes.add(resized(good, axis, good.dimension(axis) + 1));
    }
    return shapes;
  }

  /** The same with another size of one axis. */
  static Shape resized(Shape good, int axis, long size) {
    long[] sizes = good.toArray();
    sizes[axis] = size;
    return Shape.of(sizes);
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
