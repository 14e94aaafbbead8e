package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/** Memory that the process has beside the JVM's, over many rounds of all stages. */
final class NativeMemory {

  private static final int WARM_UP = 30;
  private static final int ROUNDS = 60;
  private static final int STRETCHES = 4;

  /** What an allocator or the JVM may need more at any time. */
  private static final long ALLOWED_BYTES = 3 << 20;

  /** So that uploads show, whose tensors are small in the calls. */
  private static final HostTensor LARGE = HostTensor.zeros(Shape.of(1 << 18));

  /** So that caches show, which hold a few positions in the calls. */
  private static final int POSITIONS = 192;

  private NativeMemory() {}

  static List<Check> checks() {
    return List.of(Check.of(Rule.R15, "all stages", NativeMemory::stages));
  }

  private static void stages(CheckContext trial, Checks checks) throws IOException {
    rounds(trial, WARM_UP);
    long grown = Long.MAX_VALUE;
    // A leak goes on and on; what an allocator or the JVM takes once does not.
    for (int stretch = 0; stretch < STRETCHES && grown > ALLOWED_BYTES; stretch++) {
      OptionalLong before = ProcessMemory.outsideTheHeap();
      rounds(trial, ROUNDS);
      OptionalLong after = ProcessMemory.outsideTheHeap();
      if (before.isEmpty() || after.isEmpty()) {
        checks.cannotRun("this system does not show what memory a process has beside the heap");
        return;
      }
      grown = after.getAsLong() - before.getAsLong();
    }
    checks.holds(
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

  private static void rounds(CheckContext trial, int count) {
    Backend backend = trial.backend();
    List<StageCall> calls = StageCalls.of(trial);
    List<CacheCalls> caches = CacheCalls.of(trial);
    HostTensor text = Inputs.positions(trial, 1, 1, POSITIONS);
    for (int i = 0; i < count; i++) {
      backend.upload(LARGE).close();
      calls.forEach(call -> call.values(backend));
      caches.forEach(cache -> cache.filled(backend, text).close());
    }
  }
}
