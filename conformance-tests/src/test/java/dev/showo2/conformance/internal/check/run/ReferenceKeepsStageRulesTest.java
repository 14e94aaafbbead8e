package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Chapter;
import dev.showo2.conformance.rules.Rule;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ExportedModels.class)
class ReferenceKeepsStageRulesTest {

  private static final List<Rule> TRANSFORMERS =
      Arrays.stream(Rule.values())
          .filter(
              rule ->
                  rule.chapter() == Chapter.B
                      || rule.chapter() == Chapter.H
                      || rule == Rule.S05
                      || rule == Rule.S06)
          .toList();

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b"})
  void everyExperimentOnTheTransformersPassesOnTheReference(String model, Models exported) {
    try (TinyModels models = new TinyModels(exported)) {
      List<Outcome> outcomes = models.onReference(model, TRANSFORMERS);
      for (Outcome outcome : outcomes) {
        assertEquals(Status.PASSED, outcome.status(), outcome::toString);
      }
    }
  }

  @Test
  void onlyRulesThatGoldensTestLackAnExperiment() {
    Set<Rule> lacking = EnumSet.copyOf(TRANSFORMERS);
    lacking.removeAll(AllChecks.ofStages().stream().map(Check::rule).collect(Collectors.toSet()));
    assertEquals(EnumSet.of(Rule.B01, Rule.H01), lacking);
  }
}
