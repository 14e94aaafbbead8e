package dev.showo2.backend.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.testing.FakeBundle;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorRtOptionsTest {

  private static final Device CUDA = Device.parse("cuda");

  @TempDir Path folder;
  private Bundle bundle;

  @BeforeEach
  void write() throws Exception {
    bundle = Bundle.open(FakeBundle.write(folder, FakeBundle.manifest(4).toJson()));
  }

  private TensorRtOptions options(String... namesAndValues) {
    BackendConfig.Builder config = BackendConfig.builder().device("cuda:1");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      config.option(namesAndValues[i], namesAndValues[i + 1]);
    }
    return TensorRtOptions.of(config.build(), "tensorrt", CUDA, bundle);
  }

  private void assertRefused(String message, String... namesAndValues) {
    String found =
        assertThrows(UnsupportedFeatureException.class, () -> options(namesAndValues)).getMessage();
    assertTrue(found.contains(message), found);
  }

  @Test
  void defaults() {
    TensorRtOptions options = options();
    assertEquals(1, options.device());
    assertEquals(OptionalLong.empty(), options.weightBytes());
    assertFalse(options.build().weightStreaming());
    assertFalse(options.build().refittable());
    assertTrue(options.cudaGraphs());
    assertEquals(1024, options.limits().image());
    assertEquals(32L << 30, options.cacheBytes());
  }

  @Test
  void weightsThatAreStreamedAreNotRecorded() {
    TensorRtOptions options = options("resident-weights-mib", "500");
    assertEquals(OptionalLong.of(500L << 20), options.weightBytes());
    assertTrue(options.build().weightStreaming());
    assertFalse(options.cudaGraphs());
    assertRefused("exclude each other", "resident-weights-mib", "500", "cuda-graphs", "true");
  }

  @Test
  void wrongValuesAreRefused() {
    assertRefused("an integer from 0 to 5, found '6'", "optimization-level", "6");
    assertRefused("one of [false, true], found 'yes'", "refit", "yes");
    assertRefused("has no options [precision]", "precision", "fp16");
  }
}
