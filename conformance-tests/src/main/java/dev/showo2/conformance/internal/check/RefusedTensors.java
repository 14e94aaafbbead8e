package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Tensors that a stage cannot take: it says so, and goes on as if they had never come. */
final class RefusedTensors {

  private RefusedTensors() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R06, "tensors of another backend", RefusedTensors::foreign),
        Check.of(Rule.R07, "misshapen tensors", RefusedTensors::misshapen));
  }

  private static void foreign(CheckContext trial, Checks checks) {
    Refusals refusals =
        new Refusals(
            checks,
            IllegalArgumentException.class,
            "a tensor has to know the backend that made it, and stages have to ask");
    try (Backend another = trial.provider().open(trial.bundle(), trial.config())) {
      withEachCall(
          trial,
          checks,
          (call, prepared) -> {
            try (Tensor foreign = another.upload(call.argument())) {
              refusals.of(call.name(), () -> prepared.apply(foreign));
            }
          });
    }
  }

  private static void misshapen(CheckContext trial, Checks checks) {
    Refusals refusals =
        new Refusals(
            checks,
            IllegalArgumentException.class,
            "shapes have to be held against the sizes of the model before the engine sees them");
    withEachCall(
        trial,
        checks,
        (call, prepared) -> {
          for (Shape shape : call.misshapen()) {
            try (Tensor argument = trial.backend().upload(Inputs.normal(1, shape.toArray()))) {
              refusals.of(
                  call.name() + " " + shape + " instead of " + call.shape(),
                  () -> prepared.apply(argument));
            }
          }
        });
  }

  /** Lets each call be disturbed, and compares what it gives then with what it always gives. */
  private static void withEachCall(
      CheckContext trial,
      Checks checks,
      BiConsumer<TensorCall, Function<Tensor, List<Tensor>>> disturbance) {
    Backend backend = trial.backend();
    for (TensorCall call : StageCalls.withTensors(trial)) {
      List<HostTensor> expected = call.withArgument().values(backend);
      try (ResourceScope held = new ResourceScope()) {
        Function<Tensor, List<Tensor>> prepared = call.preparation().on(backend, held);
        disturbance.accept(call, prepared);
        List<HostTensor> found = call.values(backend, prepared);
        for (int i = 0; i < expected.size(); i++) {
          checks.again(call.name() + " afterwards", found.get(i), expected.get(i));
        }
      }
    }
  }
}
