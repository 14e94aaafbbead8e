package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.conformance.wrapper.CrankyBackend;
import dev.showo2.conformance.wrapper.FaultPlan;
import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.pipeline.DecodingException;
import dev.showo2.pipeline.GenerationListener;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Requests of which one call fails. */
final class FailingRequests {

  private static final int POINTS = 8;

  private FailingRequests() {}

  static List<Check> checks() {
    return Stream.of(ShortRequest.values())
        .map(
            request ->
                new Check(
                    Rule.P11,
                    request.name().toLowerCase(Locale.ROOT),
                    request.needs(),
                    (trial, checks) -> fail(TrackedRequest.of(trial, request), checks)))
        .toList();
  }

  private static void fail(TrackedRequest watched, Checks checks) {
    CrankyBackend undisturbed = CrankyBackend.around(watched.backend(), FaultPlan.NONE);
    RequestResult expected = watched.run(undisturbed, GenerationListener.NONE);
    for (int call : TrackedRequest.spread(undisturbed.calls(), POINTS)) {
      // The work of every other one is done, and lost.
      Moment moment = call % 2 == 0 ? Moment.BEFORE : Moment.AFTER;
      String name = "failure of call " + call;
      Throwable found = failure(watched, moment, call);
      checks.holds(
          name,
          found instanceof BackendException
              || found instanceof DecodingException && found.getCause() instanceof BackendException,
          "should reach the caller, or its latents in a DecodingException, but found " + found);
      watched.requireNothingOpen(checks, "open after the " + name);
    }
    watched.run(GenerationListener.NONE).compare(checks, "the next request", expected);
    watched.requireNothingOpen(checks, "open after the next request");
  }

  private static Throwable failure(TrackedRequest watched, Moment moment, int call) {
    FaultPlan plan =
        FaultPlan.at(
            moment,
            call,
            () -> {
              throw new BackendException("a failure that the kit brings about");
            });
    try {
      watched.run(CrankyBackend.around(watched.backend(), plan), GenerationListener.NONE);
      return null;
    } catch (RuntimeException | AssertionError e) {
      return e;
    }
  }
}
