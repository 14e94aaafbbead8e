package dev.showo2.backend.djl;

import dev.showo2.spi.BackendConfig;
import org.junit.jupiter.api.Tag;

/** The same rules on a GPU; run with {@code mvn -Pgpu}. */
@Tag("gpu")
class DjlCudaConformanceTest extends DjlConformanceTest {

  @Override
  protected BackendConfig config() {
    return BackendConfig.builder().device("cuda").build();
  }

  @Override
  protected String buildArguments() {
    return "-Pgpu " + super.buildArguments();
  }
}
