package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Images and answers at once. */
final class ParallelRequests {

  private static final List<ShortRequest> REQUESTS =
      List.of(ShortRequest.IMAGE, ShortRequest.ANSWER, ShortRequest.IMAGE, ShortRequest.ANSWER);

  private ParallelRequests() {}

  static List<Check> checks() {
    Set<Stage> needs = EnumSet.noneOf(Stage.class);
    REQUESTS.forEach(request -> needs.addAll(request.needs()));
    return List.of(new Check(Rule.P12, "images and answers", needs, ParallelRequests::together));
  }

  private static void together(CheckContext trial, Checks checks) throws InterruptedException {
    LoadedModel model = trial.subject().model();
    List<RequestResult> alone = new ArrayList<>();
    List<Callable<RequestResult>> works = new ArrayList<>();
    for (ShortRequest request : REQUESTS) {
      alone.add(request.make(model, GenerationListener.NONE));
      works.add(() -> request.make(model, GenerationListener.NONE));
    }
    List<RequestResult> found = ConcurrentRun.run(works);
    for (int i = 0; i < found.size(); i++) {
      found.get(i).compare(checks, "request " + i + " beside others", alone.get(i));
    }
  }
}
