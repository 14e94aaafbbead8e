package dev.showo2.conformance.internal.check.pipeline;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.ConcurrentRun;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.TextToImage;
import dev.showo2.pipeline.TextToImageRequest;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/** Checks of flows that are approximated: P-14, P-15 and R-14. */
final class ApproximationChecks {

  /** Enough for steps that reuse results between those that compute everything. */
  private static final int POINTS = 7;

  private static final float GUIDANCE = 4;

  /** Share of the latents' size that prompt or guidance changes at least. */
  private static final double LEAST_CHANGE = 1e-3;

  private static final String PROMPT = "a red bus";

  /** As long as the first, so that nothing but its words tells them apart. */
  private static final String OTHER_PROMPT = "a bus red";

  /** Settings that save work; a preset is no more than some of them. */
  private enum Approximation {
    VELOCITY_REUSE(builder -> builder.reuse(StepReuse.velocity(2))),

    /** Rounding may decide which steps are computed, so the reference may take others. */
    ADAPTIVE_REUSE(builder -> builder.reuse(StepReuse.adaptive(0.3f))),

    BACKBONE_REUSE(builder -> builder.reuse(StepReuse.backbone(2))),
    LATE_GUIDANCE(
        builder -> builder.reuse(StepReuse.backbone(3)).guidanceStart(0.34f).guidanceEnd(0.84f)),
    AB2(builder -> builder.solver(Solver.AB2)),
    UNIPC(builder -> builder.solver(Solver.UNIPC));

    private final UnaryOperator<TextToImageRequest.Builder> settings;

    Approximation(UnaryOperator<TextToImageRequest.Builder> settings) {
      this.settings = settings;
    }

    String id() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    TextToImageRequest request(String prompt, float guidance) {
      TextToImageRequest.Builder builder =
          TextToImageRequest.builder(prompt)
              .solver(Solver.EULER)
              .steps(POINTS)
              .guidanceScale(guidance)
              .seed(3);
      return settings.apply(builder).build();
    }
  }

  private ApproximationChecks() {}

  static List<Check> all() {
    List<Check> checks = new ArrayList<>();
    for (Approximation each : Approximation.values()) {
      checks.add(
          new Check(
              Rule.P14,
              each.id(),
              ShortRequest.IMAGE.needs(),
              (context, results) -> p14PromptAndGuidance(each, context, results)));
    }
    checks.add(
        new Check(
            Rule.P15,
            "images-in-turns",
            ShortRequest.IMAGE.needs(),
            (context, results) -> takeTurns(context, results, Within.SAME_RUN)));
    checks.add(
        new Check(
            Rule.R14,
            "images-in-turns",
            ShortRequest.IMAGE.needs(),
            (context, results) -> takeTurns(context, results, Within.EXACT)));
    return checks;
  }

  private static void p14PromptAndGuidance(
      Approximation approximation, CheckContext context, Checks checks) {
    LoadedModel model = context.tested().model();
    TextToImageRequest request = approximation.request(PROMPT, GUIDANCE);
    HostTensor guided = latents(model, request);
    checks.hint(
        "look for results that are remembered from step to step: hidden states come again with"
            + " another time, for each branch of guidance");
    requireChange(checks, "guidance", guided, latents(model, approximation.request(PROMPT, 1)));
    requireChange(
        checks, "prompt", guided, latents(model, approximation.request(OTHER_PROMPT, GUIDANCE)));
    if (approximation != Approximation.ADAPTIVE_REUSE) {
      checks.compare(
          "latents",
          guided,
          latents(context.loadedReference().get().model(), request),
          Within.TRAJECTORY);
    }
  }

  private static void requireChange(
      Checks checks, String name, HostTensor latents, HostTensor without) {
    double change = 0;
    double size = 0;
    for (int i = 0; i < latents.values().length; i++) {
      change += Math.pow(latents.values()[i] - without.values()[i], 2);
      size += Math.pow(latents.values()[i], 2);
    }
    double share = Math.sqrt(change / size);
    checks.require(
        "change by the " + name,
        share >= LEAST_CHANGE,
        String.format(
            Locale.ROOT,
            "the %s changes the latents by %.2g of their size, expected at least %.2g",
            name,
            share,
            LEAST_CHANGE));
  }

  private static void takeTurns(CheckContext context, Checks checks, Within within)
      throws InterruptedException {
    LoadedModel model = context.tested().model();
    List<TextToImageRequest> requests =
        List.of(
            Approximation.BACKBONE_REUSE.request(PROMPT, GUIDANCE),
            Approximation.BACKBONE_REUSE.request(OTHER_PROMPT, GUIDANCE),
            Approximation.VELOCITY_REUSE.request(PROMPT, GUIDANCE),
            Approximation.ADAPTIVE_REUSE.request(OTHER_PROMPT, GUIDANCE));
    List<HostTensor> alone = requests.stream().map(each -> latents(model, each)).toList();
    Turns turns = new Turns(requests.size());
    List<Callable<HostTensor>> works = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      int number = i;
      works.add(
          () -> turns.run(number, listener -> latents(model, requests.get(number), listener)));
    }
    List<HostTensor> found = ConcurrentRun.run(works);
    checks.hint(
        "look for results that one request leaves to the next: requests at the same time, of the"
            + " same length and size, share nothing");
    for (int i = 0; i < found.size(); i++) {
      checks.compare("request " + i + " in turn with others", found.get(i), alone.get(i), within);
    }
  }

  private static HostTensor latents(LoadedModel model, TextToImageRequest request) {
    return latents(model, request, GenerationListener.NONE);
  }

  private static HostTensor latents(
      LoadedModel model, TextToImageRequest request, GenerationListener listener) {
    return new TextToImage(model).generate(request, listener).latents();
  }
}
