package dev.showo2.conformance.skeleton;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.run.AllChecks;
import dev.showo2.conformance.internal.check.run.CheckRunner;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A backend that is written on the support package for all stages: it keeps every rule of the
 * contract, whatever its engine computes.
 */
@ExtendWith(ExportedModels.class)
class SkeletonConformanceTest {

  /** Contract rules, and those that compare a backend with itself. */
  private static final Set<Rule> RULES =
      EnumSet.of(
          Rule.R02, Rule.R03, Rule.R04, Rule.R05, Rule.R06, Rule.R07, Rule.R09, Rule.R10, Rule.R11,
          Rule.R12, Rule.R13, Rule.R14, Rule.L04, Rule.B07, Rule.B08, Rule.B09, Rule.B10, Rule.B11,
          Rule.B12, Rule.H09, Rule.H10, Rule.H12, Rule.H13, Rule.V07, Rule.V08, Rule.V09);

  private static final Path SOURCES = Path.of("src/test/java/dev/showo2/conformance/skeleton");

  /** A vendor's own work is no longer than this. */
  private static final int MOST_NEUTRAL_LINES = 300;

  private static final BackendProvider PROVIDER = new SkeletonProvider();
  private static final BackendProvider REFERENCE = new ReferenceBackendProvider();

  private static SkeletonBackend tested;
  private static Backend reference;
  private static CheckContext context;

  @BeforeAll
  static void open(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    tested = (SkeletonBackend) PROVIDER.open(bundle, BackendConfig.defaults());
    reference = REFERENCE.open(bundle, BackendConfig.defaults());
    context =
        new CheckContext(
            PROVIDER,
            BackendConfig.defaults(),
            new LoadedBackend(bundle, tested),
            () -> new LoadedBackend(bundle, reference));
  }

  @AfterAll
  static void close() {
    tested.close();
    reference.close();
  }

  @TestFactory
  Stream<DynamicTest> keepsTheRules() {
    List<Check> checks =
        Stream.concat(AllChecks.ofStages().stream(), AllChecks.ofPipelinesAndContract().stream())
            .filter(check -> RULES.contains(check.rule()))
            .toList();
    Set<Rule> found = EnumSet.noneOf(Rule.class);
    checks.forEach(check -> found.add(check.rule()));
    assertEquals(RULES, found);
    return checks.stream().map(check -> dynamicTest(check.id("tiny-a"), () -> run(check)));
  }

  private static void run(Check check) {
    Outcome outcome = new CheckRunner(Precision.FP32).run(check, "tiny-a", context);
    assertEquals(Status.PASSED, outcome.status(), outcome::toString);
    assertEquals(0, tested.lifetime().openResources(), "resources left open");
  }

  @Test
  void isShort(TestReporter reporter) throws IOException {
    List<String> code;
    try (Stream<Path> files = Files.list(SOURCES)) {
      code =
          files
              .filter(file -> file.getFileName().toString().matches("Skeleton[A-Z].*\\.java"))
              .filter(file -> !file.getFileName().toString().endsWith("Test.java"))
              .flatMap(SkeletonConformanceTest::codeOf)
              .toList();
    }
    Predicate<String> ofTheEngine = line -> line.matches(".*([eE]ngine|[bB]uffer).*");
    long neutral = code.stream().filter(ofTheEngine.negate()).count();
    reporter.publishEntry(
        "lines of a backend with all stages",
        code.size() + " in all, " + neutral + " of them without a word on the engine");
    assertTrue(neutral > 0 && neutral <= MOST_NEUTRAL_LINES, "neutral lines: " + neutral);
  }

  /** Lines that are not blank, and neither imports nor comments nor brackets alone. */
  private static Stream<String> codeOf(Path file) {
    try {
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.matches("|package .*|import .*|/?\\*.*|//.*|[(){};]+|@Override"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
