package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Target;
import dev.showo2.conformance.Verification;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.golden.record.GoldenRecorder;
import dev.showo2.conformance.golden.record.RecordListener;
import dev.showo2.conformance.golden.record.RecordRequest;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verifies one backend with the goldens that another one recorded. */
@ExtendWith(ExportedModels.class)
class RecordedGoldensTest {

  @ParameterizedTest
  @CsvSource({"onnx, reference", "reference, onnx", "onnx, onnx"})
  void whatOneBackendRecordedAnotherPasses(
      String recorder, String verified, ExportedModels.Models models, @TempDir Path folder)
      throws IOException {
    Bundle bundle = models.bundle("tiny-b");
    Path target = folder.resolve("recorded");
    BackendProvider provider = provider(recorder);
    try (Backend backend = provider.open(bundle, BackendConfig.defaults())) {
      GoldenRecorder.record(
          RecordRequest.of(bundle, provider, backend, target, 7), RecordListener.NONE);
      if (backend instanceof OnnxBackend onnx) {
        assertEquals(0, onnx.openValues(), "native values left open");
      }
    }
    List<Outcome> outcomes =
        new Verification(Target.of(verified), bundle).run(GoldenSet.open(target)).outcomes();
    assertEquals(GoldenRecorder.caseNames(), outcomes.stream().map(Outcome::check).toList());
    assertTrue(
        outcomes.stream().allMatch(outcome -> outcome.status() == Status.PASSED),
        () -> String.join("\n", outcomes.stream().map(Outcome::toString).toList()));
  }

  private static BackendProvider provider(String id) {
    return Backends.find().select(Optional.of(id));
  }
}
