package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.UnderTest;
import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.FakeProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Runs the experiments of a rule on the tiny models, with a correct or a faulty backend. */
final class StageBench implements AutoCloseable {

  private final Models models;
  private final Map<String, LoadedBackend> references = new TreeMap<>();

  StageBench(Models models) {
    this.models = models;
  }

  /** The reference keeps the rule. */
  void assertKept(Rule rule) {
    for (String model : FixtureModels.TINY) {
      List<Outcome> outcomes = run(rule, model, right -> right);
      assertFalse(outcomes.isEmpty(), "no experiment shows " + rule);
      for (Outcome outcome : outcomes) {
        assertEquals(Status.PASSED, outcome.status(), outcome::toString);
        assertEquals("", outcome.advice());
      }
    }
  }

  /** The fault breaks the rule on every model, and what is said about it leads there. */
  void assertBroken(Rule rule, String advice, UnaryOperator<Backend> fault) {
    FixtureModels.TINY.forEach(model -> assertBroken(rule, model, advice, fault));
  }

  /** The same for a fault that only one model shows. */
  void assertBroken(Rule rule, String model, String advice, UnaryOperator<Backend> fault) {
    List<Outcome> failed =
        run(rule, model, fault).stream()
            .filter(outcome -> outcome.status() == Status.FAILED)
            .toList();
    assertFalse(failed.isEmpty(), () -> rule + " does not see the fault on " + model);
    for (Outcome outcome : failed) {
      assertTrue(outcome.problem().contains(advice), outcome::problem);
    }
  }

  private List<Outcome> run(Rule rule, String model, UnaryOperator<Backend> fault) {
    Bundle bundle = models.bundle(model);
    FakeProvider provider = UnderTest.provider(b -> fault.apply(reference(b)));
    LoadedBackend loadedReference =
        references.computeIfAbsent(model, name -> new LoadedBackend(bundle, reference(bundle)));
    List<Outcome> outcomes = new ArrayList<>();
    try (Backend backend = provider.open(bundle, BackendConfig.defaults())) {
      CheckContext context =
          new CheckContext(
              provider,
              BackendConfig.defaults(),
              new LoadedBackend(bundle, backend),
              () -> loadedReference);
      for (Check check : AllChecks.ofStages()) {
        if (check.rule() == rule) {
          outcomes.add(new CheckRunner(Precision.FP32).run(check, model, context));
        }
      }
    }
    return outcomes;
  }

  private static Backend reference(Bundle bundle) {
    return new ReferenceBackendProvider().open(bundle, BackendConfig.defaults());
  }

  @Override
  public void close() {
    references.values().forEach(loadedReference -> loadedReference.backend().close());
  }
}
