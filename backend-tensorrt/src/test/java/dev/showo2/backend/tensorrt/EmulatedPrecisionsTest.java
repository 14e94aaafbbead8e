package dev.showo2.backend.tensorrt;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Engines in less than 32 bits on an emulated GPU. */
class EmulatedPrecisionsTest extends PrecisionGoldens {

  @Override
  BackendProvider provider() {
    return new EmulatedProvider();
  }

  @Override
  BackendConfig config() {
    return EmulatedConformanceTest.emulated();
  }

  @Test
  void blocksOfFourBitsAreRefusedByName(@TempDir Path folder) throws Exception {
    Bundle bundle = exported(models.path("tiny-a"), "int4", folder);
    String message =
        assertThrows(UnsupportedFeatureException.class, () -> provider().open(bundle, config()))
            .getMessage();
    assertTrue(message.contains("backbone in int4"), message);
    assertTrue(message.contains("fp32, fp16, bf16, int8"), message);
  }
}
