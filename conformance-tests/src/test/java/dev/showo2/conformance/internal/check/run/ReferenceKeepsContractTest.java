package dev.showo2.conformance.internal.check.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.reference.ReferenceBackendProvider;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference backend keeps every rule of wholes. */
@ExtendWith(ExportedModels.class)
class ReferenceKeepsContractTest {

  private static Bench bench;

  @BeforeAll
  static void open(Models models) {
    bench = Bench.on(models, new ReferenceBackendProvider());
  }

  @AfterAll
  static void close() {
    bench.close();
  }

  static List<Check> checks() {
    return AllChecks.ofPipelinesAndContract();
  }

  @ParameterizedTest
  @MethodSource("checks")
  void isKept(Check check) {
    Outcome outcome = bench.run(check);
    assertEquals(Status.PASSED, outcome.status(), outcome.problem());
  }

  @Test
  void namesAreUniqueForTheirRule() {
    List<String> ids = checks().stream().map(check -> check.id("tiny-a")).toList();
    assertEquals(ids.stream().distinct().toList(), ids);
  }
}
