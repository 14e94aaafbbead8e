package dev.showo2.conformance.wrapper;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.error.DecodingException;
import dev.showo2.error.OutOfModelMemoryException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.pipeline.LoadedModel;
import dev.showo2.spi.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A request ends with what went wrong in any of its calls, and leaves nothing behind. */
@ExtendWith(ExportedModels.class)
class FaultsTest {

  private static final List<Supplier<Throwable>> KINDS =
      List.of(
          () -> new BackendException("the engine failed"),
          () -> new OutOfModelMemoryException("no memory"),
          () -> new ArithmeticException("a defect of the backend"),
          () -> new UnsatisfiedLinkError("libengine"));

  /** The calls after which the next request must find the engine as it was. */
  @ParameterizedTest
  @EnumSource(names = {"TEXT_TO_IMAGE", "TEXT_TO_VIDEO", "IMAGE_UNDERSTANDING"})
  void theNextRequestIsAsIfNothingHadHappened(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.reference(models)) {
      List<Object> expected = new ArrayList<>();
      int calls = calls(tiny, request, tiny.asserting(), expected);
      for (int call = 0; call < calls; call++) {
        // Every kind at either moment comes round every eight calls.
        Moment moment = Moment.values()[call / KINDS.size() % 2];
        Throwable fault = KINDS.get(call % KINDS.size()).get();
        assertEndsWith(fault, tiny, request, tiny.asserting(), moment, call);
      }
      assertEquals(expected, tiny.run(request, tiny.asserting()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCallMayFailInEveryWay(Requests request, Models models) {
    try (TinyModel tiny = TinyModel.zeros(models)) {
      assertEveryFaultEnds(tiny, request, tiny.asserting());
    }
  }

  @Test
  void everyCallOfAStoryWithPicturesToo(Models models) {
    try (TinyModel tiny = TinyModel.zeros(models)) {
      int boi = tiny.bundle().manifest().specialTokens().boi();
      assertEveryFaultEnds(tiny, Requests.STORY, TalkativeBackend.saying(boi, tiny.asserting()));
    }
  }

  private static void assertEveryFaultEnds(
      TinyModel tiny, Function<LoadedModel, List<?>> request, Backend backend) {
    int calls = calls(tiny, request, backend, new ArrayList<>());
    for (int call = 0; call < calls; call++) {
      for (Supplier<Throwable> kind : KINDS) {
        for (Moment moment : Moment.values()) {
          assertEndsWith(kind.get(), tiny, request, backend, moment, call);
        }
      }
    }
  }

  private static int calls(
      TinyModel tiny,
      Function<LoadedModel, List<?>> request,
      Backend backend,
      List<Object> results) {
    CrankyBackend undisturbed = CrankyBackend.around(backend, FaultPlan.NONE);
    results.addAll(tiny.run(request, undisturbed));
    return undisturbed.calls();
  }

  private static void assertEndsWith(
      Throwable fault,
      TinyModel tiny,
      Function<LoadedModel, List<?>> request,
      Backend backend,
      Moment moment,
      int call) {
    List<String> names = new ArrayList<>();
    CrankyBackend cranky =
        CrankyBackend.around(
            backend,
            (when, number, name) -> {
              if (when == Moment.BEFORE) {
                names.add(name);
              }
              FaultPlan.at(moment, call, () -> sneak(fault)).at(when, number, name);
            });
    Throwable thrown = assertThrows(Throwable.class, () -> tiny.run(request, cranky));
    String where = request + ", " + fault + " " + moment + " call " + call + ", " + names.get(call);
    boolean kept = thrown instanceof DecodingException;
    assertSame(fault, kept ? thrown.getCause() : thrown, where);
    assertEquals(kept, kept && fault instanceof ShowO2Exception, where);
    // A conversation takes back what it had asked.
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
