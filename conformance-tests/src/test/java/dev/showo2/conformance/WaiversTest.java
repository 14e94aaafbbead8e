package dev.showo2.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WaiversTest {

  private static Outcome outcome(Rule rule, String check, Status status) {
    return new Outcome(rule, "tiny-a", check, status, List.of(), "far off", "", Duration.ZERO);
  }

  @Test
  void aFailureThatIsAcceptedIsWaivedWithItsReason() {
    Waivers waivers = Waivers.of(new Waiver("R-14", "atomics add up in any order"));
    Outcome waived = waivers.apply(outcome(Rule.R14, "velocity", Status.FAILED));
    assertEquals(Status.WAIVED, waived.status());
    assertEquals("atomics add up in any order; far off", waived.reason());
    assertEquals(
        Status.FAILED, waivers.apply(outcome(Rule.R13, "velocity", Status.FAILED)).status());
  }

  @Test
  void oneCheckAloneCanBeWaived() {
    Waivers waivers = Waivers.of(new Waiver("R-14/tiny-a/velocity", "known"));
    assertEquals(
        Status.WAIVED, waivers.apply(outcome(Rule.R14, "velocity", Status.FAILED)).status());
    assertEquals(
        Status.FAILED, waivers.apply(outcome(Rule.R14, "velocity of two", Status.FAILED)).status());
  }

  @Test
  void onlyFailuresAreWaived() {
    Waivers waivers = Waivers.of(new Waiver("R-14", "known"));
    for (Status status : List.of(Status.PASSED, Status.NOT_RUN)) {
      Outcome outcome = outcome(Rule.R14, "velocity", status);
      assertEquals(outcome, waivers.apply(outcome));
    }
  }

  @Test
  void aWaiverThatNothingNeedsIsNamed() {
    Waivers waivers = Waivers.of(new Waiver("R-14", "known"), new Waiver("B-02", "known"));
    List<Outcome> outcomes =
        List.of(
            outcome(Rule.R14, "a", Status.PASSED),
            waivers.apply(outcome(Rule.B02, "a", Status.FAILED)),
            outcome(Rule.B02, "b", Status.PASSED));
    assertEquals(List.of("R-14"), waivers.unused(outcomes));
    assertEquals(List.of(), waivers.unused(List.of()), "what did not run may be needed");
  }

  @Test
  void aFileHasOneALine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("waivers.txt");
    Files.writeString(file, "# on GPUs\n\nR-14   any order\n B-02/tiny-b/later-text known \n");
    assertEquals(
        List.of(new Waiver("R-14", "any order"), new Waiver("B-02/tiny-b/later-text", "known")),
        Waivers.read(file).list());
  }

  @Test
  void aRuleThatIsNoneOrAMissingReasonIsRefused() {
    assertEquals(
        "a waiver names a rule such as R-14, or a check such as R-14/tiny-a/all-stages; found"
            + " 'R-99'",
        assertThrows(IllegalArgumentException.class, () -> new Waiver("R-99", "known"))
            .getMessage());
    assertEquals(
        "the waiver of R-14 gives no reason",
        assertThrows(IllegalArgumentException.class, () -> new Waiver("R-14", " ")).getMessage());
    assertThrows(IllegalArgumentException.class, () -> Waiver.parse("R-14"));
  }
}
