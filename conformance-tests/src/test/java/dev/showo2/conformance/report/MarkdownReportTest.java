package dev.showo2.conformance.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarkdownReportTest {

  private final String text = MarkdownReport.text(SampleReport.report());

  private void contains(String part) {
    assertTrue(text.contains(part), () -> "no '" + part + "' in\n" + text);
  }

  @Test
  void whatFailedComesFirst() {
    int from = 0;
    for (String heading :
        List.of(
            "# Conf",
            "## Failed",
            "## Not run",
            "## Waived",
            "## Waivers",
            "## Rules",
            "## Checks",
            "## Time in stages",
            "## Environment")) {
      int at = text.indexOf("\n" + heading, from - 1);
      assertTrue(at >= from - 1 || text.startsWith(heading), heading + " in\n" + text);
      from = Math.max(from, at);
    }
    contains("**Not shown to be conformant** in fp16.");
    contains("Checks: 1 passed, 1 failed, 1 waived, 1 not run; wrong: Backbone.");
  }

  @Test
  void aFailureHasItsFiguresAndTheCommandThatShowsItAgain() {
    contains(
        "\n    showo2 conformance --backend toy --only 'B-03/tiny-a/it'\\''s\\, an \"image\"'\n");
    contains("| odd\\|name | 0.00e+00 | 6.00e-05 |");
    contains("| 2 of 3 | \\[0, 1\\]: NaN, expected -Infinity | 1 of 3 not finite |");
    contains("| ids | 1.00e+00 | 0.00e+00 |");
    contains("| order |  |  |  |  |  |  |  |  | is the other way round |");
    contains("\nnot causal\n");
  }

  @Test
  void textFromOutsideIsNoMarkup() {
    contains("\na\\|b \\<c\\> \\& \"d\" \\`e\\` \\]\\]\\> \u0001 \ud800 圆 \\# f's\n");
    assertFalse(text.contains("\n# f's"), text);
  }

  @Test
  void everyRowOfATableHasAsManyCells() {
    int cells = 0;
    for (String line : text.lines().toList()) {
      int bars = line.startsWith("|") ? line.replaceAll("\\\\.", "").split("\\|", -1).length : 0;
      assertTrue(cells == 0 || bars == 0 || bars == cells, () -> line);
      cells = bars;
    }
    assertEquals(0, cells % 2, "the last line closes a table");
  }

  @Test
  void whatDidNotRunSaysWhyAndDoesNotCountAsPassed() {
    contains("| cannot be tested: it needs a JVM of its own | R-19 |");
    contains("| no check of it was chosen | 107 of V-02, V-03, ");
    contains("| the backend lacks fusion_resize | F-04/tiny-a/grid |");
    contains("| F-04 | MUST | NOT RUN | 0 | 1 |");
    contains("| R-14/tiny-a/bits | atomics add in any order |");
    contains("| SHOULD | 0 | 0 | 1 | 3 |");
    contains(
        "| V-01/tiny-a/mean | passed | 0.250 s | mean max abs 0.0e+00 (allowed 4.0e-05); ids 3 of 3 equal |");
    contains("| backbone | 12 | 1.500 s |");
    contains("| start (UTC) | 2026-01-02T03:04:05Z |");
  }
}
