package dev.showo2.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.rules.Rule;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {

  private static final List<PlannedCheck> PLAN =
      List.of(
          planned(Rule.B01, "tiny-a", "text"),
          planned(Rule.B01, "tiny-b", "text"),
          planned(Rule.B01, "tiny-a", "text and more"),
          planned(Rule.B02, "tiny-a", "a, b"),
          planned(Rule.H01, "demo", "text"));

  private static PlannedCheck planned(Rule rule, String model, String name) {
    return new PlannedCheck(model, new Check(rule, name, Set.of(), (trial, checks) -> {}));
  }

  private static String chosen(Selection selection) {
    return String.join(
        " ", selection.from(PLAN).stream().map(check -> "" + PLAN.indexOf(check)).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          B                      ; 0 1 2 3
          B-01                   ; 0 1 2
          B-01/tiny-a            ; 0 2
          B-01/tiny-a/text       ; 0
          H, B-01/tiny-b ,       ; 1 4
          B-02/tiny-a/a\\,-b     ; 3
          """)
  void chaptersRulesModelsAndChecksAreChosen(String only, String expected) {
    assertEquals(expected, chosen(Selection.of(only)));
  }

  @Test
  void withoutAChoiceAllAreTaken() {
    assertEquals("0 1 2 3 4", chosen(Selection.ALL));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          B,X-9          ; 'X-9'; there are the rules B-01, B-02, H-01 and the chapters V, F
          B-01/tiny-c    ; 'B-01/tiny-c'; of this rule there are B-01/tiny-a/text, B-01/tiny-b/text
          R-19           ; 'R-19'; the rule cannot be tested: it needs a JVM
          V-01           ; 'V-01'; there is no check of this rule here
          """)
  void aNameThatChoosesNothingIsRefusedWithWhatThereIs(String only, String name, String advice) {
    Selection selection = Selection.of(only);
    String told =
        assertThrows(IllegalArgumentException.class, () -> selection.from(PLAN)).getMessage();
    assertTrue(told.contains("no check is chosen by '" + name + "'; " + advice), told);
  }

  @Test
  void anEmptyChoiceIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Selection.of(" , "));
  }
}
