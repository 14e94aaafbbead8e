package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** The checks of chapter T that need no recorded run. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class TrainingChecks {

  private TrainingChecks() {}

  /** All of them, in the order of the rules. */
  public static List<Check> all() {
    return Stream.of(
            LossChecks.all(),
            OptimizerChecks.all(),
            GradientChecks.all(),
            StateChecks.all(),
            DistillationChecks.all())
        .flatMap(List::stream)
        .sorted(Comparator.comparing(Check::rule))
        .toList();
  }
}
