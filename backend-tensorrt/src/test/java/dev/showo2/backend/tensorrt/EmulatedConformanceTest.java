package dev.showo2.backend.tensorrt;

import dev.showo2.conformance.ConformanceTest;
import dev.showo2.spi.BackendConfig;
import java.nio.file.Path;

/** Everything of the backend above the native calls keeps every rule, on an emulated GPU. */
class EmulatedConformanceTest extends ConformanceTest {

  @Override
  protected String backend() {
    return EmulatedProvider.ID;
  }

  @Override
  protected BackendConfig config() {
    return emulated();
  }

  static BackendConfig emulated() {
    return BackendConfig.builder()
        .device("emulated-gpu")
        .cacheDirectory(Path.of("target", "engines"))
        .option("largest-image", "160")
        .build();
  }

  /** From the folder above. */
  @Override
  protected String buildArguments() {
    return "-pl backend-tensorrt -am -Dsurefire.failIfNoSpecifiedTests=false";
  }
}
