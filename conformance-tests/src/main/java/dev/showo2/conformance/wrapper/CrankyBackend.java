package dev.showo2.conformance.wrapper;

import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.DenoiseStep;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A backend whose calls fail or wait where a {@link FaultPlan} says so, and that otherwise computes
 * what the one underneath does. With {@link AssertingBackend} underneath, it shows whether whoever
 * calls survives failures without leaving anything open.
 *
 * <p>Counted are the methods of stages, uploads, reads of tensors, and what changes or copies
 * caches and streams; not accessors, sizes and closing, which do not fail.
 *
 * <p>Thread-safe.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CrankyBackend extends ForwardingBackend {

  private final FaultyCalls calls;

  private CrankyBackend(FaultyCalls calls, Backend faulty) {
    super(faulty);
    this.calls = calls;
  }

  /**
   * Wraps a backend.
   *
   * @param backend is closed with the one returned
   * @param plan decides which calls fail
   * @return a backend whose calls fail by the plan
   */
  public static CrankyBackend around(Backend backend, FaultPlan plan) {
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(plan, "plan");
    FaultyCalls calls = new FaultyCalls(plan);
    return new CrankyBackend(calls, calls.around(Backend.class, backend));
  }

  /** {@return how many calls there have been; the next one has this number} */
  public int calls() {
    return calls.count();
  }

  /** Counts the calls of each stage, unless the backend underneath fuses them. */
  @Override
  public DenoiseStep denoiseStep() {
    return capabilities().fusedDenoiseStep() ? super.denoiseStep() : composedDenoiseStep();
  }
}
