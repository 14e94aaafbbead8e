package dev.showo2.backend.djl;

import dev.showo2.bench.BenchmarkTest;
import dev.showo2.spi.BackendConfig;
import org.junit.jupiter.api.Tag;

/** Measures the backend on a GPU; run with {@code mvn -Pgpu}. */
@Tag("gpu")
class DjlCudaBenchmarkTest extends BenchmarkTest {

  @Override
  protected String backend() {
    return "djl";
  }

  @Override
  protected BackendConfig config() {
    return BackendConfig.builder().device("cuda").build();
  }
}
