package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What stages give: for how long it stays, and what it is made of. */
final class Results {

  private static final Set<ElementType> FLOATING =
      EnumSet.of(
          ElementType.FLOAT64, ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  private Results() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R10, "results of all stages", Results::outlive),
        Check.of(Rule.R18, "results of all stages", Results::elementTypes));
  }

  private record Kept(String name, Tensor result, HostTensor first) {}

  private static void outlive(CheckContext trial, Checks checks) {
    Backend backend = trial.backend();
    List<StageCall> calls = StageCalls.of(trial);
    List<Kept> kept = new ArrayList<>();
    try (ResourceScope results = new ResourceScope()) {
      for (StageCall call : calls) {
        try (ResourceScope inputs = new ResourceScope()) {
          for (Tensor result : call.run().on(backend, inputs)) {
            kept.add(new Kept(call.name(), results.add(result), result.toHost()));
          }
        }
      }
      calls.forEach(call -> call.values(backend));
      for (Kept each : kept) {
        checks.same(
            each.name + ", its inputs closed and all stages run again",
            each.result.toHost(),
            each.first);
      }
    }
  }

  private static void elementTypes(CheckContext trial, Checks checks) {
    for (StageCall call : StageCalls.of(trial)) {
      try (ResourceScope held = new ResourceScope()) {
        for (Tensor result : call.run().on(trial.backend(), held)) {
          held.add(result);
          ElementType type = result.elementType();
          checks.holds(
              "element type of " + call.name(),
              FLOATING.contains(type),
              "is " + type + ", expected one of " + FLOATING);
          HostTensor read = HostTensor.zeros(result.shape());
          result.read(FloatBuffer.wrap(read.values()));
          checks.same("floats of " + call.name(), read, result.toHost());
        }
      }
    }
  }
}
