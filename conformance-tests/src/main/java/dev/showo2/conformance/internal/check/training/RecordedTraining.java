package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.golden.pass.Trainer;
import dev.showo2.conformance.internal.training.RecordedRun;
import dev.showo2.conformance.internal.training.RowComparison;
import dev.showo2.conformance.internal.training.RunComparison;
import dev.showo2.conformance.internal.training.RunFolder;
import dev.showo2.conformance.rules.Rule;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** The runs and rows of a folder as checks. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class RecordedTraining {

  private RecordedTraining() {}

  /** One check for each run, then one for each kind of row, in the order of the folder. */
  public static List<Check> of(RunFolder folder) {
    return Stream.concat(
            folder.runs().stream().map(RecordedTraining::of),
            folder.kinds().stream().map(kind -> of(kind, folder)))
        .toList();
  }

  private static Check of(RecordedRun run) {
    return Check.of(
        Rule.T01,
        run.name(),
        (context, checks) ->
            Trainer.run(
                context.trainer(), checks, trainer -> RunComparison.compare(run, trainer, checks)));
  }

  private static Check of(String kind, RunFolder folder) {
    return Check.of(
        Rule.T02,
        kind,
        (context, checks) ->
            RowComparison.compare(
                kind, folder.rows(kind), context.tested().model().tokenizer(), checks));
  }
}
