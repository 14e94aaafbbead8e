package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** The same calls again, with others in between. */
final class Repetitions {

  private static final int TIMES = 3;

  private Repetitions() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R13, "all stages", (trial, checks) -> repeat(trial, checks::again)),
        Check.of(Rule.R14, "all stages", (trial, checks) -> repeat(trial, checks::same)));
  }

  private interface Comparing {
    void compare(String name, HostTensor found, HostTensor expected);
  }

  private static void repeat(CheckContext trial, Comparing comparing) {
    List<StageCall> calls = StageCalls.of(trial);
    List<List<HostTensor>> first = new ArrayList<>();
    calls.forEach(call -> first.add(call.values(trial.backend())));
    for (int time = 2; time <= TIMES; time++) {
      for (int i = 0; i < calls.size(); i++) {
        List<HostTensor> again = calls.get(i).values(trial.backend());
        for (int result = 0; result < again.size(); result++) {
          comparing.compare(
              calls.get(i).name() + ", time " + time, again.get(result), first.get(i).get(result));
        }
      }
    }
  }
}
