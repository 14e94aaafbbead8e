package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.ConcurrentRun;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.spi.Backend;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Checks of: calls of all stages, their results and their repetition. */
final class CallChecks {

  private static final Set<ElementType> FLOATING =
      EnumSet.of(
          ElementType.FLOAT64, ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);

  private static final int THREADS = 4;
  private static final int ROUNDS = 3;
  private static final int TIMES = 3;

  private CallChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R10, "results of all stages", CallChecks::r10ResultsOutliveInputs),
        Check.of(Rule.R11, "all stages", CallChecks::r11Stages),
        Check.of(Rule.R11, "caches", CallChecks::r11Caches),
        Check.of(Rule.R12, "all stages", CallChecks::r12Threads),
        Check.of(
            Rule.R13, "all stages", (context, checks) -> repeat(context, checks, Within.SAME_CALL)),
        Check.of(
            Rule.R14, "all stages", (context, checks) -> repeat(context, checks, Within.EXACT)),
        Check.of(Rule.R18, "results of all stages", CallChecks::r18ElementTypes));
  }

  private record Kept(String name, Tensor result, HostTensor first) {}

  private static void r10ResultsOutliveInputs(CheckContext context, Checks checks) {
    Backend backend = context.backend();
    List<StageCall> calls = StageCall.allOf(context);
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
        checks.compare(
            each.name + ", its inputs closed and all stages run again",
            each.result.toHost(),
            each.first,
            Within.EXACT);
      }
    }
  }

  private static void r18ElementTypes(CheckContext context, Checks checks) {
    for (StageCall call : StageCall.allOf(context)) {
      try (ResourceScope held = new ResourceScope()) {
        for (Tensor result : call.run().on(context.backend(), held)) {
          held.add(result);
          ElementType type = result.elementType();
          checks.require(
              "element type of " + call.name(),
              FLOATING.contains(type),
              "is " + type + ", expected one of " + FLOATING);
          HostTensor read = HostTensor.zeros(result.shape());
          result.read(FloatBuffer.wrap(read.values()));
          checks.compare("floats of " + call.name(), read, result.toHost(), Within.EXACT);
        }
      }
    }
  }

  private static void r11Stages(CheckContext context, Checks checks) {
    AssertingBackend asserting = AssertingBackend.around(context.backend(), context.bundle());
    for (StageCall call : StageCall.allOf(context)) {
      keeps(checks, call.name(), () -> call.values(asserting));
    }
  }

  private static void r11Caches(CheckContext context, Checks checks) {
    AssertingBackend asserting = AssertingBackend.around(context.backend(), context.bundle());
    for (CacheCalls calls : CacheCalls.of(context)) {
      keeps(checks, calls.stage().id(), () -> useCaches(calls, asserting, context));
    }
  }

  private static void useCaches(
      CacheCalls calls, AssertingBackend asserting, CheckContext context) {
    HostTensor segment = CacheCalls.segment(context, 2);
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
    checks.require(name, problem.isEmpty(), problem);
  }

  private static void r12Threads(CheckContext context, Checks checks) throws InterruptedException {
    List<StageCall> calls = StageCall.allOf(context);
    List<List<HostTensor>> alone =
        calls.stream().map(call -> call.values(context.backend())).toList();
    List<Callable<List<Found>>> works = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      works.add(() -> allCalls(context, calls, number));
    }
    for (List<Found> ofThread : ConcurrentRun.run(works)) {
      for (Found found : ofThread) {
        List<HostTensor> expected = alone.get(found.call);
        for (int i = 0; i < expected.size(); i++) {
          checks.compare(
              calls.get(found.call).name() + " beside other threads",
              found.values.get(i),
              expected.get(i),
              Within.SAME_CALL);
        }
      }
    }
  }

  /**
   * @param call its index
   */
  private record Found(int call, List<HostTensor> values) {}

  /** Each thread begins with another stage, so that different ones meet. */
  private static List<Found> allCalls(CheckContext context, List<StageCall> calls, int thread) {
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < ROUNDS * calls.size(); i++) {
      int call = (i + thread * calls.size() / THREADS) % calls.size();
      found.add(new Found(call, calls.get(call).values(context.backend())));
    }
    return found;
  }

  private static void repeat(CheckContext context, Checks checks, Within within) {
    List<StageCall> calls = StageCall.allOf(context);
    List<List<HostTensor>> first = new ArrayList<>();
    calls.forEach(call -> first.add(call.values(context.backend())));
    for (int time = 2; time <= TIMES; time++) {
      for (int i = 0; i < calls.size(); i++) {
        List<HostTensor> again = calls.get(i).values(context.backend());
        for (int result = 0; result < again.size(); result++) {
          checks.compare(
              calls.get(i).name() + ", time " + time,
              again.get(result),
              first.get(i).get(result),
              within);
        }
      }
    }
  }
}
