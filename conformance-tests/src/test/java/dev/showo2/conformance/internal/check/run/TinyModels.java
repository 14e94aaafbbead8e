package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.FixtureModels;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
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
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Runs experiments on backends that are the reference, but for what a test does to them. */
final class TinyModels implements AutoCloseable {

  private static final BackendProvider REFERENCE = new ReferenceBackendProvider();

  private final FixtureModels models = new FixtureModels();

  static Backend open(Bundle bundle) {
    return REFERENCE.open(bundle, BackendConfig.defaults());
  }

  /** All experiments of the given rules, on a reference of their own. */
  List<Outcome> onReference(String model, List<Rule> rules) {
    Bundle bundle = models.bundle(model);
    try (Backend backend = open(bundle)) {
      return run(model, bundle, backend, rules);
    }
  }

  /** Checks that a rule is found broken, and that the report says what to look at. */
  void assertCaught(Rule rule, String pointer, UnaryOperator<Backend> fault) {
    Bundle bundle = models.bundle("tiny-a");
    try (Backend backend = open(bundle)) {
      assertCaught(rule, pointer, fault.apply(backend));
    }
  }

  /** The same for a reference that takes something in the manifest for something else. */
  void assertCaught(Rule rule, String pointer, Path copy, String text, String other)
      throws IOException {
    try (Backend backend = open(edited(copy, text, other))) {
      assertCaught(rule, pointer, backend);
    }
  }

  private void assertCaught(Rule rule, String pointer, Backend faulty) {
    String problems =
        run("tiny-a", models.bundle("tiny-a"), faulty, List.of(rule)).stream()
            .filter(outcome -> outcome.status() == Status.FAILED)
            .map(Outcome::problem)
            .toList()
            .toString();
    assertTrue(problems.contains(pointer), () -> rule + " " + problems);
  }

  private static List<Outcome> run(String model, Bundle bundle, Backend tested, List<Rule> rules) {
    try (Backend reference = open(bundle)) {
      LoadedBackend loadedReference = new LoadedBackend(bundle, reference);
      CheckContext context =
          new CheckContext(
              REFERENCE,
              BackendConfig.defaults(),
              new LoadedBackend(bundle, tested),
              () -> loadedReference);
      CheckRunner runner = new CheckRunner(Precision.FP32);
      return AllChecks.ofStages().stream()
          .filter(check -> rules.contains(check.rule()))
          .map(check -> runner.run(check, model, context))
          .toList();
    }
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
    models.close();
  }
}
