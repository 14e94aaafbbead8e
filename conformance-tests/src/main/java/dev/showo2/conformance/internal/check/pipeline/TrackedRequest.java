package dev.showo2.conformance.internal.check.pipeline;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.wrapper.AssertingBackend;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.spi.Backend;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/** A request on a backend of which is known what is open. */
@API(status = API.Status.INTERNAL, since = "0.1")
public record TrackedRequest(CheckContext context, ShortRequest request, AssertingBackend backend) {

  /** Of a stack: enough to see which part of a pipeline it was. */
  private static final int FRAMES = 12;

  public static TrackedRequest of(CheckContext context, ShortRequest request) {
    return new TrackedRequest(
        context, request, AssertingBackend.around(context.backend(), context.bundle()));
  }

  public RequestResult run(GenerationListener listener) {
    return run(backend, listener);
  }

  /**
   * @param around the watched backend, or one around it
   */
  public RequestResult run(Backend around, GenerationListener listener) {
    return request.make(
        new LoadedModel(
            context.bundle(), "under test", around, context.tested().model().tokenizer()),
        listener);
  }

  public void requireNothingOpen(Checks checks, String when) {
    try {
      backend.requireNothingOpen();
      checks.require(when, true, "");
    } catch (AssertionError e) {
      checks.require(when, false, e.getMessage() + "; the first was opened " + stack(e.getCause()));
    }
  }

  private static String stack(Throwable opening) {
    return Arrays.stream(opening.getStackTrace())
        .limit(FRAMES)
        .map(frame -> "at " + frame)
        .collect(Collectors.joining(" "));
  }

  /** Evenly spread numbers from 0 to {@code count - 1}, the first and the last among them. */
  public static Set<Integer> spread(int count, int points) {
    Set<Integer> chosen = new TreeSet<>();
    for (int i = 0; i < points; i++) {
      chosen.add((count - 1) * i / (points - 1));
    }
    return chosen;
  }
}
