package dev.showo2.conformance.report;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A small report with everything in it that is hard to write down. */
final class SampleReport {

  /** Markup of every kind, half of a surrogate pair, and a character that XML has not. */
  static final String ODD = "a|b <c> & \"d\" `e` ]]> \u0001 \ud800 圆\n# f's";

  static final Outcome PASSED = outcome(Rule.V01, "mean", Status.PASSED, "", figures());
  static final Outcome FAILED =
      outcome(Rule.B03, "it's, an \"image\"", Status.FAILED, ODD, wrong()).advised("not causal");
  static final Outcome WAIVED =
      outcome(Rule.R14, "bits", Status.FAILED, "", wrong()).waived("atomics add in any order");
  static final Outcome NOT_RUN =
      outcome(Rule.F04, "grid", Status.NOT_RUN, "the backend lacks fusion_resize", List.of());

  private SampleReport() {}

  static Report report() {
    Environment environment =
        new Environment(
            "toy",
            BackendInfo.builder("Toy & Co").version("1.2").priority(1).build(),
            BackendConfig.builder().device("cuda:1").threads(3).option("mode", "<fast>").build(),
            Precision.FP16,
            new StagePrecisions(Map.of(Stage.BACKBONE, Precision.FP16)),
            "0.1",
            "17.0.1",
            "Linux amd64, 2 processors",
            Instant.parse("2026-01-02T03:04:05.678Z"));
    return new Report(
            environment,
            List.of(PASSED, FAILED, WAIVED, NOT_RUN),
            List.of(new StageTime(Stage.BACKBONE, 12, Duration.ofMillis(1500))),
            List.of("R-16"))
        .with(new Rerun("showo2 conformance --backend toy --only "));
  }

  private static Outcome outcome(
      Rule rule, String check, Status status, String reason, List<Comparison> figures) {
    return new Outcome(rule, "tiny-a", check, status, figures, reason, "", Duration.ofMillis(250));
  }

  /** Equal: the ratio of signal to noise is infinite. */
  private static List<Comparison> figures() {
    HostTensor one = new HostTensor(Shape.of(2), new float[] {1, -2});
    Checks checks = new Checks(Precision.FP32);
    checks.compare("mean", one, one, Within.STAGE);
    checks.compareTokens("ids", new int[] {5, 6, 7}, new long[] {5, 6, 7});
    return checks.comparisons();
  }

  private static List<Comparison> wrong() {
    Checks checks = new Checks(Precision.FP32);
    checks.compare(
        "odd|name",
        new HostTensor(Shape.of(1, 3), new float[] {1, Float.NaN, 3}),
        new HostTensor(Shape.of(1, 3), new float[] {1, Float.NEGATIVE_INFINITY, 3}),
        Within.STAGE);
    checks.compareTokens("ids", new int[] {5, 6, 8}, new long[] {5, 6, 7});
    checks.require("order", false, "is the other way round");
    return checks.comparisons();
  }
}
