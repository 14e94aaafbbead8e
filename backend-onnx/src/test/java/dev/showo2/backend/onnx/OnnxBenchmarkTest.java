package dev.showo2.backend.onnx;

import dev.showo2.bench.BenchmarkPlan;
import dev.showo2.bench.BenchmarkStage;
import dev.showo2.bench.BenchmarkTest;
import java.util.List;
import java.util.Set;

/** Shows that the measurement runs; the one on a GPU has all stages. */
class OnnxBenchmarkTest extends BenchmarkTest {

  @Override
  protected String backend() {
    return OnnxBackendProvider.ID;
  }

  @Override
  protected BenchmarkPlan plan() {
    Set<BenchmarkStage> stages = Set.of(BenchmarkStage.OPEN, BenchmarkStage.TEXT_TOKEN);
    return new BenchmarkPlan(stages, List.of(), 1, 8, 2, false);
  }
}
