package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.error.DecodingException;
import dev.showo2.error.OutOfModelMemoryException;
import dev.showo2.error.ShowO2Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK survives a failure of any call of a request. */
@ExtendWith(ExportedModels.class)
class FaultsTest {

  private static final List<Supplier<Throwable>> KINDS =
      List.of(
          () -> new BackendException("the engine failed"),
          () -> new OutOfModelMemoryException("no memory"),
          () -> new ArithmeticException("a defect of the backend"),
          () -> new UnsatisfiedLinkError("libengine"));

  @ParameterizedTest
  @EnumSource
  void everyCallMayFailInEveryWay(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.open(models)) {
      List<String> names = new ArrayList<>();
      List<?> expected =
          tiny.run(
              request,
              CrankyBackend.around(
                  tiny.asserting(),
                  (moment, call, name) -> {
                    if (moment == Moment.BEFORE) {
                      names.add(name);
                    }
                  }));
      for (int call = 0; call < names.size(); call++) {
        // Every kind at either moment comes round every eight calls.
        Moment moment = Moment.values()[call / 4 % 2];
        Throwable fault = KINDS.get(call % 4).get();
        assertEndsWith(fault, tiny, request, moment, call, names.get(call));
      }
      assertEquals(expected, tiny.run(request, tiny.asserting()), "as if nothing had happened");
    }
  }

  private static void assertEndsWith(
      Throwable fault, TinyModel tiny, Requests request, Moment moment, int call, String name) {
    String where = request + ", " + fault + " " + moment + " call " + call + ", " + name;
    CrankyBackend cranky =
        CrankyBackend.around(tiny.asserting(), FaultPlan.at(moment, call, () -> sneak(fault)));
    Throwable thrown = assertThrows(Throwable.class, () -> tiny.run(request, cranky), where);
    assertSame(fault, thrown instanceof DecodingException ? thrown.getCause() : thrown, where);
    if (thrown instanceof DecodingException) {
      assertTrue(fault instanceof ShowO2Exception, where);
    }
    assertEquals(call + 1, cranky.calls(), where + ": more calls afterwards");
    assertEquals(0, tiny.asserting().openHandles(), where);
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable fault) throws T {
    throw (T) fault;
  }
}
