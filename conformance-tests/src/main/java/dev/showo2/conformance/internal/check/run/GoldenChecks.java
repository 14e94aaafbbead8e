package dev.showo2.conformance.internal.check.run;

import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.golden.CaseRunner;
import dev.showo2.conformance.internal.golden.CaseRunners;
import dev.showo2.conformance.internal.golden.RecordedCase;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.InvalidModelException;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/** The cases of a folder as checks of the rules that they test. */
@API(status = API.Status.INTERNAL)
public final class GoldenChecks {

  private GoldenChecks() {}

  /** In the order of the folder. */
  public static List<Check> of(GoldenSet goldens) {
    return goldens.cases().stream().map(golden -> of(golden)).toList();
  }

  /** The check of one case. */
  public static Check of(GoldenCase golden) {
    return of(RecordedCase.of(golden));
  }

  private static Check of(RecordedCase golden) {
    try {
      return CaseRunners.of(golden)
          .map(runner -> check(golden, runner))
          .orElseGet(() -> unknown(golden));
    } catch (InvalidModelException e) {
      return malformed(golden, e);
    }
  }

  private static Check malformed(RecordedCase golden, InvalidModelException defect) {
    return new Check(
        Rule.P13,
        golden.name(),
        Set.of(),
        (context, checks) -> {
          throw defect;
        });
  }

  private static Check unknown(RecordedCase golden) {
    return new Check(
        Rule.P13,
        golden.name(),
        Set.of(),
        (context, checks) ->
            checks.cannotRun(
                "this version of the kit has no runner for this kind of "
                    + golden.stage()
                    + " case"));
  }

  private static Check check(RecordedCase golden, CaseRunner runner) {
    return new Check(
        runner.rule(golden),
        golden.name(),
        runner.needs(golden),
        (context, checks) -> {
          golden.requireIntact();
          runner.run(golden, context.tested(), context.trainer(), checks);
        });
  }
}
