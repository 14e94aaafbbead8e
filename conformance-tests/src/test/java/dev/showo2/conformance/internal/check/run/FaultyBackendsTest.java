package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.fault.Fault;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Status;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Every faulty backend is caught by the rule that it breaks, and told which fault it makes. */
@ExtendWith(ExportedModels.class)
class FaultyBackendsTest {

  /**
   * @param words that the advice holds, where no values tell the fault but the check itself does;
   *     elsewhere the kit names the fault by the values that it gives
   */
  @ParameterizedTest
  @CsvFileSource(resources = "faulty-backends.csv", numLinesToSkip = 1)
  void isCaught(String id, String rule, String words, Models models) {
    Fault fault = Fault.named(id);
    String model = fault.showsIn(models.bundle("tiny-b").architecture()) ? "tiny-b" : "tiny-a";
    String told = words == null ? fault.whatHappens() : words;
    List<String> problems = new ArrayList<>();
    assertTrue(
        isCaught(fault, Rule.of(rule).orElseThrow(), model, models, told, problems),
        () ->
            problems.isEmpty()
                ? rule + " does not notice that " + fault.whatHappens()
                : "'" + told + "' is missing:\n" + String.join("\n", problems));
  }

  @Test
  void eachFaultOfTheCatalogIsHere() throws IOException {
    Set<String> caught = new TreeSet<>();
    try (InputStream file = FaultyBackendsTest.class.getResourceAsStream("faulty-backends.csv")) {
      new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(1)
          .forEach(line -> caught.add(line.substring(0, line.indexOf(','))));
    }
    assertEquals(
        Fault.all().stream().map(Fault::id).collect(Collectors.toCollection(TreeSet::new)), caught);
  }

  /** Runs the checks of a rule until one fails and tells the fault. */
  private static boolean isCaught(
      Fault fault, Rule rule, String model, Models models, String told, List<String> problems) {
    Bundle bundle = models.bundle(model);
    BackendConfig config = BackendConfig.defaults();
    CheckRunner runner = new CheckRunner(Precision.FP32);
    try (Backend wrong = fault.open(bundle);
        Backend right = new ReferenceBackendProvider().open(bundle, config);
        LoadedBackend subject = new LoadedBackend(bundle, wrong);
        LoadedBackend loadedReference = new LoadedBackend(bundle, right)) {
      FakeProvider provider = new FakeProvider("wrong").opening(fault::open);
      CheckContext context = new CheckContext(provider, config, subject, () -> loadedReference);
      return Stream.of(
              GoldenChecks.of(GoldenSet.open(models.fixture(model))),
              AllChecks.ofStages(),
              AllChecks.ofPipelinesAndContract())
          .flatMap(List::stream)
          .filter(check -> check.rule() == rule)
          .map(check -> runner.run(check, model, context))
          .filter(outcome -> outcome.status() == Status.FAILED)
          .peek(outcome -> problems.add(outcome.problem()))
          .anyMatch(outcome -> outcome.advice().contains(told));
    }
  }
}
