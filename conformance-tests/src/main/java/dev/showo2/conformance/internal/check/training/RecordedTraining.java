package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.training.RunComparison;
import dev.showo2.conformance.internal.training.RunFolder;
import dev.showo2.conformance.rules.Rule;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/** The runs and rows of a folder as checks. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RecordedTraining {

  private RecordedTraining() {}

  /** One check for each run and each kind of row, in the order of the folder. */
  public static List<Check> of(RunFolder folder) {
    return folder.runs().stream()
        .map(
            run ->
                Check.of(
                    Rule.T01,
                    run.name(),
                    (context, checks) -> {
                      Optional<Trainer> trainer = context.trainer();
                      if (trainer.isEmpty()) {
                        checks.cannotRun(Trainer.lacking(context.provider().id()));
                      } else {
                        RunComparison.compare(run, trainer.get(), checks);
                      }
                    }))
        .toList();
  }
}
