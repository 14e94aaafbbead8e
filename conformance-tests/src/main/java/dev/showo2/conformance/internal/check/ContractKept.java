package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import java.util.List;

/** Calls of every stage with somebody who holds the backend to its contract in between. */
final class ContractKept {

  private ContractKept() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R11, "all stages", ContractKept::stages),
        Check.of(Rule.R11, "caches", ContractKept::caches));
  }

  private static void stages(CheckContext trial, Checks checks) {
    AssertingBackend asserting = AssertingBackend.around(trial.backend(), trial.bundle());
    for (StageCall call : StageCalls.of(trial)) {
      keeps(checks, call.name(), () -> call.values(asserting));
    }
  }

  private static void caches(CheckContext trial, Checks checks) {
    AssertingBackend asserting = AssertingBackend.around(trial.backend(), trial.bundle());
    for (CacheCalls calls : CacheCalls.of(trial)) {
      keeps(checks, calls.stage().id(), () -> useCaches(calls, asserting, trial));
    }
  }

  private static void useCaches(CacheCalls calls, AssertingBackend asserting, CheckContext trial) {
    HostTensor segment = CacheCalls.segment(trial, 2);
    try (KvCache cache = calls.filled(asserting, segment);
        KvCache fork = cache.fork()) {
      fork.truncate(1);
      calls.seen(asserting, fork, segment);
      calls.seen(asserting, cache, segment);
      fork.truncate(0);
      calls.seen(asserting, fork, segment);
    }
  }

  private static void keeps(Checks checks, String name, Runnable calls) {
    String problem = "";
    try {
      calls.run();
    } catch (AssertionError e) {
      problem = e.getMessage();
    }
    checks.holds(name, problem.isEmpty(), problem);
  }
}
