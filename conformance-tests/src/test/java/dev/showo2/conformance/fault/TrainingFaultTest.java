package dev.showo2.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.rules.Chapter;
import dev.showo2.conformance.rules.Rule;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The catalog; that each fault is caught is shown by the backend that trains. */
class TrainingFaultTest {

  @Test
  void everyFaultHasANameOfItsOwn() {
    List<TrainingFault> all = TrainingFault.all();
    assertEquals(
        all.size(), all.stream().map(TrainingFault::id).collect(Collectors.toSet()).size());
    for (TrainingFault fault : all) {
      assertTrue(fault.id().matches("[a-z]+(-[a-z]+)*"), fault.id());
    }
  }

  @Test
  void everyFaultNamesARuleOfTrainingAndSaysWhatHappens() {
    for (TrainingFault fault : TrainingFault.all()) {
      assertEquals(Chapter.T, Rule.of(fault.rule()).orElseThrow().chapter(), fault.id());
      String line = fault.whatHappens();
      assertFalse(line.isBlank() || line.contains("\n") || line.endsWith("."), line);
    }
  }

  /** Rules 1 to 4 compare with recorded figures, which any of the faults changes. */
  @Test
  void everyRuleWithoutRecordingsHasAFault() {
    List<String> covered = TrainingFault.all().stream().map(TrainingFault::rule).toList();
    for (Rule rule : Rule.values()) {
      if (rule.chapter() == Chapter.T && rule.compareTo(Rule.T04) > 0) {
        assertTrue(covered.contains(rule.id()), rule.id());
      }
    }
  }
}
