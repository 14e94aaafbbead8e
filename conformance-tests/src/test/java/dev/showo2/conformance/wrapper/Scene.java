package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.pipeline.DecodingException;
import dev.showo2.spi.Backend;
import dev.showo2.tiling.Tiling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A request in which something goes wrong.
 *
 * @param backend around the asserting one
 * @param tiling around the faults
 */
record Scene(TinyModel tiny, Requests request, Backend backend, Tiling tiling) {

  private static final List<Supplier<Throwable>> KINDS =
      List.of(
          () -> new BackendException("the engine failed"),
          () -> new InsufficientMemoryException("no memory"),
          () -> new ArithmeticException("a defect of the backend"),
          () -> new UnsatisfiedLinkError("libengine"));

  /** Faults in each call, before and after it, of every kind. */
  void assertEveryFaultEndsTheRequest() {
    int calls = calls();
    for (int call = 0; call < calls; call++) {
      for (Supplier<Throwable> kind : KINDS) {
        for (Moment moment : Moment.values()) {
          assertEndsWith(kind.get(), moment, call);
        }
      }
    }
  }

  /** Faults in each call; every kind at either moment comes round every eight calls. */
  void assertAFaultInEachCallEndsTheRequest() {
    int calls = calls();
    for (int call = 0; call < calls; call++) {
      Moment moment = Moment.values()[call / KINDS.size() % 2];
      assertEndsWith(KINDS.get(call % KINDS.size()).get(), moment, call);
    }
  }

  private int calls() {
    CrankyBackend undisturbed = CrankyBackend.around(backend, FaultPlan.NONE);
    run(undisturbed);
    return undisturbed.calls();
  }

  private List<?> run(CrankyBackend cranky) {
    return tiny.run(request, tiling.wrap(cranky));
  }

  private void assertEndsWith(Throwable fault, Moment moment, int call) {
    List<String> names = new ArrayList<>();
    FaultPlan plan = FaultPlan.at(moment, call, () -> sneak(fault));
    CrankyBackend cranky =
        CrankyBackend.around(
            backend,
            (when, number, name) -> {
              if (when == Moment.BEFORE) {
                names.add(name);
              }
              plan.ask(when, number, name);
            });
    Throwable thrown = assertThrows(Throwable.class, () -> run(cranky));
    String where = request + ", " + fault + " " + moment + " call " + call + ", " + names.get(call);
    if (thrown instanceof DecodingException decoding && fault instanceof ShowO2Exception) {
      thrown = decoding.getCause();
    }
    assertSame(fault, thrown, where);
    // A conversation takes back what it had asked; nobody makes any other call.
    names.subList(0, call + 1).clear();
    names.remove("KvCache.truncate");
    assertEquals(List.of(), names, where);
    assertEquals(0, tiny.asserting().openHandles(), where);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }
}
