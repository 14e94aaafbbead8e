package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Checks of: memory, files, threads and settings of the process. */
final class ProcessChecks {

  private static final int WARM_UP = 30;
  private static final int ROUNDS = 60;
  private static final int STRETCHES = 4;

  /** What an allocator or the JVM may need more at any time. */
  private static final long ALLOWED_BYTES = 3 << 20;

  /** So that uploads show, whose tensors are small in the calls. */
  private static final HostTensor LARGE = HostTensor.zeros(Shape.of(1 << 18));

  /** So that caches show, which hold a few positions in the calls. */
  private static final int POSITIONS = 192;

  /** Anything that stays each time stays as often as this; fewer may be somebody else's. */
  static final int TIMES = 5;

  private ProcessChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R15, "all stages", ProcessChecks::r15NativeMemory),
        Check.of(Rule.R16, "files and threads", ProcessChecks::r16FilesAndThreads),
        Check.of(Rule.R17, "system properties", ProcessChecks::r17SystemProperties));
  }

  private static void r15NativeMemory(CheckContext context, Checks checks) throws IOException {
    rounds(context, WARM_UP);
    long grown = Long.MAX_VALUE;
    // A leak goes on and on; what an allocator or the JVM takes once does not.
    for (int stretch = 0; stretch < STRETCHES && grown > ALLOWED_BYTES; stretch++) {
      OptionalLong before = ProcessState.memoryOutsideHeap();
      rounds(context, ROUNDS);
      OptionalLong after = ProcessState.memoryOutsideHeap();
      if (before.isEmpty() || after.isEmpty()) {
        checks.cannotRun("this system does not show what memory a process has beside the heap");
        return;
      }
      grown = after.getAsLong() - before.getAsLong();
    }
    checks.require(
        "memory outside the heap",
        grown <= ALLOWED_BYTES,
        "grew by "
            + (grown >> 10)
            + " KiB in "
            + ROUNDS
            + " rounds of all stages, "
            + grown / ROUNDS
            + " bytes a round, and before that in the same way; look for results, inputs or caches"
            + " whose native memory is not freed when they are closed");
    checks.note("it grew by " + (grown >> 10) + " KiB in " + ROUNDS + " rounds");
  }

  private static void rounds(CheckContext context, int count) {
    Backend backend = context.backend();
    List<StageCall> calls = StageCall.allOf(context);
    List<CacheCalls> caches = CacheCalls.of(context);
    HostTensor text = Inputs.positions(context, 1, 1, POSITIONS);
    for (int i = 0; i < count; i++) {
      backend.upload(LARGE).close();
      calls.forEach(call -> call.values(backend));
      caches.forEach(cache -> cache.filled(backend, text).close());
    }
  }

  private static void r16FilesAndThreads(CheckContext context, Checks checks) {
    // What an engine makes once for all stays.
    openUseAndClose(context);
    List<String> files = ProcessState.files();
    List<String> threads = ProcessState.threads();
    for (int i = 0; i < TIMES; i++) {
      openUseAndClose(context);
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
    checks.require(
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

  static void openUseAndClose(CheckContext context) {
    try (Backend backend = context.provider().open(context.bundle(), context.config())) {
      StageCall.allOf(context).forEach(call -> call.values(backend));
    }
  }

  private static void r17SystemProperties(CheckContext context, Checks checks) {
    checks.require(
        "system properties at the first opening",
        context.changedProperties().isEmpty(),
        "changed: " + context.changedProperties() + "; hand settings to the engine itself");
    Map<Object, Object> before = new TreeMap<>(System.getProperties());
    openUseAndClose(context);
    Map<Object, Object> after = new TreeMap<>(System.getProperties());
    Set<Object> changed = new TreeSet<>(before.keySet());
    changed.addAll(after.keySet());
    changed.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
    checks.require(
        "system properties",
        changed.isEmpty(),
        "changed: "
            + changed.stream()
                .map(name -> name + " from " + before.get(name) + " to " + after.get(name))
                .toList()
            + "; other libraries see them too, hand settings to the engine itself");
  }
}
