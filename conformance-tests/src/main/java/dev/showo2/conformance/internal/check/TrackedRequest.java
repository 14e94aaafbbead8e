package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A request on a backend of which is known what is open. */
record TrackedRequest(CheckContext trial, ShortRequest request, AssertingBackend backend) {

  /** Of a stack: enough to see which part of a pipeline it was. */
  private static final int FRAMES = 12;

  static TrackedRequest of(CheckContext trial, ShortRequest request) {
    return new TrackedRequest(
        trial, request, AssertingBackend.around(trial.backend(), trial.bundle()));
  }

  RequestResult run(GenerationListener listener) {
    return run(backend, listener);
  }

  /**
   * @param around the watched backend, or one around it
   */
  RequestResult run(Backend around, GenerationListener listener) {
    return request.make(
        new LoadedModel(trial.bundle(), "under test", around, trial.subject().model().tokenizer()),
        listener);
  }

  void requireNothingOpen(Checks checks, String when) {
    try {
      backend.requireNothingOpen();
      checks.holds(when, true, "");
    } catch (AssertionError e) {
      checks.holds(when, false, e.getMessage() + "; the first was opened " + stack(e.getCause()));
    }
  }

  private static String stack(Throwable opening) {
    return Arrays.stream(opening.getStackTrace())
        .limit(FRAMES)
        .map(frame -> "at " + frame)
        .collect(Collectors.joining(" "));
  }

  /** Evenly spread numbers from 0 to {@code count - 1}, the first and the last among them. */
  static Set<Integer> spread(int count, int points) {
    Set<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < points; i++) {
      chosen.add((count - 1) * i / (points - 1));
    }
    return chosen;
  }
}
