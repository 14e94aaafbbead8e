package dev.showo2.backend.tensorrt;

import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import org.junit.jupiter.api.Tag;

/**
 * Engines in less than 32 bits on a GPU; run with {@code mvn -Pgpu}. A value that is not finite is
 * far from its golden, so that kernels which overflow in fp16 show here.
 */
@Tag("gpu")
class TensorRtPrecisionsTest extends PrecisionGoldens {

  @Override
  BackendProvider provider() {
    return new TensorRtBackendProvider();
  }

  @Override
  BackendConfig config() {
    return BackendConfig.builder().device("cuda").option("largest-image", "512").build();
  }
}
