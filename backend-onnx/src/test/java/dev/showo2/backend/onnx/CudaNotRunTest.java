package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.Conformance;
import dev.showo2.conformance.PlannedCheck;
import dev.showo2.conformance.Target;
import dev.showo2.conformance.Waivers;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Report;
import dev.showo2.conformance.report.Status;
import dev.showo2.spi.BackendConfig;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The report of {@code mvn -Pgpu verify} with the artifact for CPUs. */
class CudaNotRunTest {

  @Test
  void nothingCountsAsPassedWithoutADevice() {
    Target target = Target.of("onnx").with(BackendConfig.builder().device("cuda").build());
    try (Conformance conformance = new Conformance(target, Waivers.NONE)) {
      List<PlannedCheck> some = conformance.plan().subList(0, 20);
      Report report = conformance.run(some, outcome -> {});
      assertEquals(some.size(), report.outcomes(Status.NOT_RUN).size());
      assertFalse(report.conformant());
      Set<String> reasons =
          report.outcomes().stream().map(Outcome::reason).collect(Collectors.toSet());
      assertEquals(1, reasons.size());
      String reason = reasons.iterator().next();
      // Where there is a device, the artifact for CPUs is the reason.
      assertTrue(reason.equals("no CUDA device") || reason.contains("onnxruntime_gpu"), reason);
    }
  }
}
