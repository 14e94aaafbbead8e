package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.model.Integrity;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Runs experiments on backends that are the reference, but for what a test does to them. */
final class TinyModels implements AutoCloseable {

  private static final BackendProvider REFERENCE = new ReferenceBackendProvider();

  private final Models models;
  private final Map<String, LoadedBackend> references = new TreeMap<>();

  TinyModels(Models models) {
    this.models = models;
  }

  static Backend open(Bundle bundle) {
    return REFERENCE.open(bundle, BackendConfig.defaults());
  }

  /** All experiments of the given rules, on a reference of their own. */
  List<Outcome> onReference(String model, List<Rule> rules) {
    try (Backend backend = open(models.bundle(model))) {
      return outcomes(model, backend, rules).toList();
    }
  }

  /** Checks that a rule is found broken, and that the report says what to look at. */
  void assertCaught(Rule rule, String pointer, UnaryOperator<Backend> fault) {
    assertCaught(rule, List.of(pointer), fault);
  }

  /** The same for a fault of which the report says several things. */
  void assertCaught(Rule rule, List<String> pointers, UnaryOperator<Backend> fault) {
    try (Backend backend = open(models.bundle("tiny-a"))) {
      assertCaught(rule, pointers, fault.apply(backend));
    }
  }

  /** The same for a reference that takes something in the manifest for something else. */
  void assertCaught(Rule rule, String pointer, Path copy, String text, String other)
      throws IOException {
    try (Backend backend = open(edited(copy, text, other))) {
      assertCaught(rule, List.of(pointer), backend);
    }
  }

  /** Runs the checks of the rule until all is said. */
  private void assertCaught(Rule rule, List<String> pointers, Backend faulty) {
    List<String> missing = new ArrayList<>(pointers);
    List<String> problems = new ArrayList<>();
    boolean caught =
        outcomes("tiny-a", faulty, List.of(rule))
            .filter(outcome -> outcome.status() == Status.FAILED)
            .anyMatch(
                outcome -> {
                  problems.add(outcome.problem());
                  missing.removeIf(outcome.problem()::contains);
                  return missing.isEmpty();
                });
    assertTrue(caught, () -> rule + " does not say " + missing + " but " + problems);
  }

  private Stream<Outcome> outcomes(String model, Backend tested, List<Rule> rules) {
    Bundle bundle = models.bundle(model);
    LoadedBackend reference =
        references.computeIfAbsent(model, name -> new LoadedBackend(bundle, open(bundle)));
    CheckContext context =
        new CheckContext(
            REFERENCE,
            BackendConfig.defaults(),
            new LoadedBackend(bundle, tested),
            () -> reference);
    CheckRunner runner = new CheckRunner(Precision.FP32);
    return AllChecks.ofStages().stream()
        .filter(check -> rules.contains(check.rule()))
        .map(check -> runner.run(check, model, context));
  }

  private Bundle edited(Path copy, String text, String other) throws IOException {
    try (Stream<Path> files = Files.list(models.bundle("tiny-a").directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Path manifest = copy.resolve("showo2.json");
    String json = Files.readString(manifest);
    assertTrue(json.contains(text), json);
    Files.writeString(manifest, json.replace(text, other));
    return Bundle.open(copy, Integrity.SIZES);
  }

  @Override
  public void close() {
    references.values().forEach(reference -> reference.backend().close());
  }
}
