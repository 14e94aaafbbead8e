package dev.showo2.conformance.internal.check.pipeline;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.ConcurrentRun;
import dev.showo2.conformance.internal.check.Refusals;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.conformance.wrapper.CrankyBackend;
import dev.showo2.conformance.wrapper.FaultPlan;
import dev.showo2.conformance.wrapper.FaultPlan.Moment;
import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.DecodingException;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apiguardian.api.API;

/**
 * Checks of chapter P, the pipelines: requests that are cancelled, that fail, that run concurrently
 * and that approximate.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class PipelineChecks {

  private static final int CANCELLATIONS = 4;
  private static final int FAILURES = 8;

  private static final List<ShortRequest> CONCURRENT =
      List.of(ShortRequest.IMAGE, ShortRequest.ANSWER, ShortRequest.IMAGE, ShortRequest.ANSWER);

  private PipelineChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    for (ShortRequest request : ShortRequest.values()) {
      checks.add(
          new Check(
              Rule.P10,
              request.name().toLowerCase(Locale.ROOT),
              request.needs(),
              (context, results) -> p10Cancelled(TrackedRequest.of(context, request), results)));
    }
    for (ShortRequest request : ShortRequest.values()) {
      checks.add(
          new Check(
              Rule.P11,
              request.name().toLowerCase(Locale.ROOT),
              request.needs(),
              (context, results) -> p11Failing(TrackedRequest.of(context, request), results)));
    }
    Set<Stage> needs = EnumSet.noneOf(Stage.class);
    CONCURRENT.forEach(request -> needs.addAll(request.needs()));
    checks.add(new Check(Rule.P12, "images and answers", needs, PipelineChecks::p12Concurrent));
    checks.addAll(ApproximationChecks.all());
    return checks;
  }

  private static void p10Cancelled(TrackedRequest watched, Checks checks) {
    Asked never = new Asked(Integer.MAX_VALUE);
    RequestResult expected = watched.run(never);
    for (int question : TrackedRequest.spread(never.questions, CANCELLATIONS)) {
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

  private static void p11Failing(TrackedRequest watched, Checks checks) {
    CrankyBackend undisturbed = CrankyBackend.around(watched.backend(), FaultPlan.NONE);
    RequestResult expected = watched.run(undisturbed, GenerationListener.NONE);
    for (int call : TrackedRequest.spread(undisturbed.calls(), FAILURES)) {
      // The work of every other one is done, and lost.
      Moment moment = call % 2 == 0 ? Moment.BEFORE : Moment.AFTER;
      String name = "failure of call " + call;
      Throwable found = failure(watched, moment, call);
      checks.require(
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

  private static void p12Concurrent(CheckContext context, Checks checks)
      throws InterruptedException {
    LoadedModel model = context.tested().model();
    List<RequestResult> alone = new ArrayList<>();
    List<Callable<RequestResult>> works = new ArrayList<>();
    for (ShortRequest request : CONCURRENT) {
      alone.add(request.make(model, GenerationListener.NONE));
      works.add(() -> request.make(model, GenerationListener.NONE));
    }
    List<RequestResult> found = ConcurrentRun.run(works);
    for (int i = 0; i < found.size(); i++) {
      found.get(i).compare(checks, "request " + i + " beside others", alone.get(i));
    }
  }
}
