package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What opening, using and closing a backend leaves behind in the process. */
final class OpenAndClose {

  /** Anything that stays each time stays as often as this; fewer may be somebody else's. */
  static final int TIMES = 5;

  private OpenAndClose() {}

  static List<Check> checks() {
    return List.of(Check.of(Rule.R16, "files and threads", OpenAndClose::filesAndThreads));
  }

  private static void filesAndThreads(CheckContext trial, Checks checks) {
    // What an engine makes once for all stays.
    openUseAndClose(trial);
    List<String> files = ProcessState.files();
    List<String> threads = ProcessState.threads();
    for (int i = 0; i < TIMES; i++) {
      openUseAndClose(trial);
    }
    checkNothingAdded(checks, "threads", ProcessState::threads, threads);
    if (ProcessState.isShown()) {
      checkNothingAdded(checks, "open files", ProcessState::files, files);
    } else {
      checks.note("this system does not show open files and native threads");
    }
  }

  private static void checkNothingAdded(
      Checks checks, String what, Supplier<List<String>> state, List<String> before) {
    List<String> added = ProcessState.added(state, before, TIMES);
    checks.holds(
        what,
        added.size() < TIMES,
        "there are "
            + added.size()
            + " more after "
            + TIMES
            + " times opening and closing: "
            + new TreeSet<>(added)
            + "; look at what open makes and close leaves");
  }

  static void openUseAndClose(CheckContext trial) {
    try (Backend backend = trial.provider().open(trial.bundle(), trial.config())) {
      StageCalls.of(trial).forEach(call -> call.values(backend));
    }
  }
}
