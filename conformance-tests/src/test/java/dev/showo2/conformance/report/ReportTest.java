package dev.showo2.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Precision;
import dev.showo2.model.StagePrecisions;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReportTest {

  static Outcome outcome(Rule rule, String check, Status status, String reason) {
    return new Outcome(rule, "tiny-a", check, status, List.of(), reason, "", Duration.ZERO);
  }

  static Report report(Outcome... outcomes) {
    Environment environment =
        Environment.here(
            "toy",
            BackendInfo.builder("Toy").version("1").priority(1).build(),
            BackendConfig.defaults(),
            Precision.FP32,
            StagePrecisions.FP32);
    return new Report(environment, List.of(outcomes), List.of(), List.of());
  }

  private static Report report(Status... statuses) {
    return report(
        Arrays.stream(statuses)
            .map(status -> outcome(Rule.F01, "case", status, ""))
            .toArray(Outcome[]::new));
  }

  @Test
  void successNeedsThatSomethingRanAndNothingFailed() {
    assertTrue(report(Status.PASSED).successful());
    assertTrue(report(Status.PASSED, Status.NOT_RUN).successful());
    assertTrue(report(Status.PASSED, Status.WAIVED).successful());
    assertFalse(report(new Status[0]).successful(), "nothing ran");
    assertFalse(report(Status.NOT_RUN, Status.NOT_RUN).successful(), "nothing ran");
    assertFalse(report(Status.PASSED, Status.FAILED).successful());
    assertFalse(report(Status.FAILED).successful());
  }

  @Test
  void everyCheckHasOneLine() {
    HostTensor one = new HostTensor(Shape.of(1), new float[] {1});
    Checks checks = new Checks(Precision.FP32);
    checks.compare("mean", one, one, Within.STAGE);
    Comparison good = checks.comparisons().get(0);
    Report report =
        report(
            new Outcome(
                Rule.V01, "tiny-a", "a", Status.PASSED, List.of(good, good), "", "", Duration.ZERO),
            outcome(Rule.F01, "b", Status.FAILED, "broken\r\n  here").advised("look at the table"),
            outcome(Rule.P03, "c", Status.NOT_RUN, "the backend lacks fusion"));
    String figure = "mean max abs 0.0e+00 (allowed 2.0e-05)";
    assertEquals(
        "passed  V-01/tiny-a/a  "
            + figure
            + "; "
            + figure
            + "\nfailed  F-01/tiny-a/b  broken   here  look at the table"
            + "\nnot run  P-03/tiny-a/c  the backend lacks fusion\n"
            + "1 passed, 1 failed, 0 waived, 1 not run; wrong: Fusion\n",
        report.outcomes().stream().map(each -> each + "\n").collect(Collectors.joining())
            + report.summary()
            + "\n");
  }

  @Test
  void aRuleIsWhatItsChecksAre() {
    Report report =
        report(
            outcome(Rule.F01, "a", Status.PASSED, ""),
            outcome(Rule.F01, "b", Status.NOT_RUN, "no table"),
            outcome(Rule.F02, "a", Status.PASSED, ""),
            outcome(Rule.F02, "b", Status.FAILED, ""),
            outcome(Rule.F03, "a", Status.FAILED, "far off").waived("known"),
            outcome(Rule.F03, "b", Status.PASSED, ""),
            outcome(Rule.F04, "a", Status.NOT_RUN, "the backend lacks fusion_resize"));
    assertEquals(Rule.values().length, report.rules().size(), "every rule is shown");
    assertEquals(Status.PASSED, of(report, Rule.F01).status());
    assertEquals(Status.FAILED, of(report, Rule.F02).status());
    assertEquals(Status.WAIVED, of(report, Rule.F03).status());
    assertEquals("known; far off", report.outcomes().get(4).reason());
    assertEquals(Status.NOT_RUN, of(report, Rule.F04).status());
    assertEquals("the backend lacks fusion_resize", of(report, Rule.F04).reason());
    assertEquals("no check of it was chosen", of(report, Rule.V01).reason());
    assertTrue(of(report, Rule.R20).reason().startsWith("cannot be tested: "));
    assertFalse(report.conformant());
  }

  private static RuleResult of(Report report, Rule rule) {
    return report.rules().stream().filter(each -> each.rule() == rule).findFirst().orElseThrow();
  }
}
