package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.GenerationListener;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Requests that end early because somebody wants them to. */
final class CancelledRequests {

  private static final int POINTS = 4;

  private CancelledRequests() {}

  static List<Check> checks() {
    return Stream.of(ShortRequest.values())
        .map(
            request ->
                new Check(
                    Rule.P10,
                    request.name().toLowerCase(Locale.ROOT),
                    request.needs(),
                    (trial, checks) -> cancel(TrackedRequest.of(trial, request), checks)))
        .toList();
  }

  private static void cancel(TrackedRequest watched, Checks checks) {
    Asked never = new Asked(Integer.MAX_VALUE);
    RequestResult expected = watched.run(never);
    for (int question : TrackedRequest.spread(never.questions, POINTS)) {
      new Refusals(checks, CancelledException.class, "what the request throws has to come through")
          .of(
              "cancelled at question " + question,
              () -> {
                watched.run(new Asked(question));
                return null;
              });
      watched.requireNothingOpen(checks, "open after question " + question);
    }
    watched.run(GenerationListener.NONE).compare(checks, "the next request", expected);
    watched.requireNothingOpen(checks, "open after the next request");
  }

  /** Says yes to one question. */
  private static final class Asked implements GenerationListener {

    private final int yes;
    private int questions;

    private Asked(int yes) {
      this.yes = yes;
    }

    @Override
    public boolean cancelled() {
      return questions++ == yes;
    }
  }
}
