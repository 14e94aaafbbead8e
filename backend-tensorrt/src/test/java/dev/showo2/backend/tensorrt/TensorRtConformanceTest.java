package dev.showo2.backend.tensorrt;

import dev.showo2.conformance.ConformanceTest;
import dev.showo2.spi.BackendConfig;
import org.junit.jupiter.api.Tag;

/** TensorRT on a GPU keeps every rule; run with {@code mvn -Pgpu}. */
@Tag("gpu")
class TensorRtConformanceTest extends ConformanceTest {

  @Override
  protected String backend() {
    return TensorRtBackendProvider.ID;
  }

  @Override
  protected BackendConfig config() {
    return BackendConfig.builder().device("cuda").option("largest-image", "512").build();
  }

  /** From the folder above. */
  @Override
  protected String buildArguments() {
    return "-Pgpu -pl backend-tensorrt -am -Dsurefire.failIfNoSpecifiedTests=false";
  }
}
