package dev.showo2.conformance;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.showo2.export.ExportListener;
import dev.showo2.export.ExportRequest;
import dev.showo2.export.ModelExporter;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Backends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class ReferenceGoldensTest {

  @TempDir Path temporary;

  @TestFactory
  Stream<DynamicTest> tinyA() throws Exception {
    return cases("tiny-a");
  }

  @TestFactory
  Stream<DynamicTest> tinyB() throws Exception {
    return cases("tiny-b");
  }

  @TestFactory
  Stream<DynamicTest> demo() throws Exception {
    return cases("demo");
  }

  private Stream<DynamicTest> cases(String checkpoint) throws Exception {
    try (Fixtures fixtures = Fixtures.open()) {
      Path source = fixtures.path(checkpoint);
      Path folder = temporary.resolve(checkpoint);
      ModelExporter.export(ExportRequest.of(source, folder), ExportListener.NONE);
      Bundle bundle = Bundle.open(folder);
      List<DynamicTest> tests = new ArrayList<>();
      try (Backend backend =
          Backends.find().select(Optional.of("onnx")).open(bundle, BackendConfig.defaults())) {
        Report report = new Verification(bundle, backend).run(GoldenSet.open(source));
        for (CaseOutcome outcome : report.outcomes()) {
          System.out.println(outcome);
          tests.add(
              dynamicTest(
                  outcome.name(),
                  () ->
                      assertNotEquals(
                          CaseOutcome.Status.FAILED, outcome.status(), outcome::toString)));
        }
      }
      return tests.stream();
    }
  }
}
