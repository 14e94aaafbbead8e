package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Stages under several threads, each with caches and streams of its own. */
final class Threads {

  private static final int THREADS = 4;
  private static final int ROUNDS = 3;

  private Threads() {}

  static List<Check> checks() {
    return List.of(Check.of(Rule.R12, "all stages", Threads::stages));
  }

  private static void stages(CheckContext trial, Checks checks) throws InterruptedException {
    List<StageCall> calls = StageCalls.of(trial);
    List<List<HostTensor>> alone =
        calls.stream().map(call -> call.values(trial.backend())).toList();
    List<Callable<List<Found>>> works = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      works.add(() -> allCalls(trial, calls, number));
    }
    for (List<Found> ofThread : ConcurrentRun.run(works)) {
      for (Found found : ofThread) {
        List<HostTensor> expected = alone.get(found.call);
        for (int i = 0; i < expected.size(); i++) {
          checks.again(
              calls.get(found.call).name() + " beside other threads",
              found.values.get(i),
              expected.get(i));
        }
      }
    }
  }

  /**
   * @param call its index
   */
  private record Found(int call, List<HostTensor> values) {}

  /** Each thread begins with another stage, so that different ones meet. */
  private static List<Found> allCalls(CheckContext trial, List<StageCall> calls, int thread) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < ROUNDS * calls.size(); i++) {
      int call = (i + thread * calls.size() / THREADS) % calls.size();
      found.add(new Found(call, calls.get(call).values(trial.backend())));
    }
    return found;
  }
}
