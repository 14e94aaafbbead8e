package dev.showo2.conformance.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerance;
import dev.showo2.conformance.golden.CaseOutcome.Status;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static CaseOutcome outcome(Status status) {
    return new CaseOutcome("case", "stage", status, List.of(), "");
  }

  private static Report report(Status... statuses) {
    return new Report(Arrays.stream(statuses).map(ReportTest::outcome).toList());
  }

  @Test
  void successNeedsThatSomethingRanAndNothingFailed() {
    assertTrue(report(Status.PASSED).successful());
    assertTrue(report(Status.PASSED, Status.NOT_RUN).successful());
    assertFalse(report().successful(), "nothing ran");
    assertFalse(report(Status.NOT_RUN, Status.NOT_RUN).successful(), "nothing ran");
    assertFalse(report(Status.PASSED, Status.FAILED).successful());
    assertFalse(report(Status.FAILED).successful());
  }

  @Test
  void everyCaseHasOneLine() {
    HostTensor one = new HostTensor(Shape.of(1), new float[] {1});
    Comparison good = Comparison.of("mean", one, one, Tolerance.STAGE);
    StringBuilder text = new StringBuilder();
    new Report(
            List.of(
                new CaseOutcome("a", "vae_encode", Status.PASSED, List.of(good, good), ""),
                new CaseOutcome("b", "fusion", Status.FAILED, List.of(), "broken\r\n  here"),
                new CaseOutcome("c", "t2i", Status.NOT_RUN, List.of(), "the backend lacks fusion")))
        .print(text);
    String figure = "mean max abs 0.0e+00 (allowed 2.0e-05)";
    assertEquals(
        "passed  a  "
            + figure
            + "; "
            + figure
            + "\nfailed  b  broken   here\nnot run  c  the backend lacks fusion\n"
            + "1 passed, 1 failed, 1 not run\n",
        text.toString());
  }
}
