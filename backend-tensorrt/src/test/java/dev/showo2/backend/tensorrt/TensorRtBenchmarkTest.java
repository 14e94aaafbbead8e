package dev.showo2.backend.tensorrt;

import dev.showo2.bench.BenchmarkTest;
import dev.showo2.spi.BackendConfig;
import org.junit.jupiter.api.Tag;

/** Measures the backend on a GPU; run with {@code mvn -Pgpu}. */
@Tag("gpu")
class TensorRtBenchmarkTest extends BenchmarkTest {

  @Override
  protected String backend() {
    return TensorRtBackendProvider.ID;
  }

  @Override
  protected BackendConfig config() {
    return BackendConfig.builder().device("cuda").option("largest-image", "512").build();
  }
}
