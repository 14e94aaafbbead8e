package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.BackendProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** Wrong backends are caught by the rule that they break, with a text that says what to look at. */
@ExtendWith(ExportedModels.class)
abstract class TwistedBackendTest {

  static Models models;

  @BeforeAll
  static void keep(Models given) {
    models = given;
  }

  /** The backend without the twist, where values count: the reference. */
  BackendProvider right() {
    return new ReferenceBackendProvider();
  }

  /** Runs one check of a rule on a backend with a twist. */
  final Outcome run(Rule rule, String words, Twist twist) {
    String name = Check.of(rule, words, (context, checks) -> {}).name();
    Check check =
        AllChecks.ofPipelinesAndContract().stream()
            .filter(each -> each.rule() == rule && each.name().equals(name))
            .findFirst()
            .orElseThrow();
    try (Bench bench = Bench.on(models, new TwistedProvider(right(), twist))) {
      return bench.run(check);
    }
  }

  final void assertPasses(Rule rule, String name, Twist twist) {
    Outcome outcome = run(rule, name, twist);
    assertEquals(Status.PASSED, outcome.status(), outcome.problem());
  }

  final void assertFails(Rule rule, String name, Twist twist, String... texts) {
    Outcome outcome = run(rule, name, twist);
    assertEquals(Status.FAILED, outcome.status(), outcome.toString());
    for (String text : texts) {
      assertTrue(outcome.problem().contains(text), outcome.problem());
    }
  }
}
