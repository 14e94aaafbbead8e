package dev.showo2.backend.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Availability;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Backends;
import dev.showo2.spi.Device;
import dev.showo2.testing.FakeBundle;
import dev.showo2.testing.FakeProvider;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice between TensorRT and another backend. */
class SelectionTest {

  private static final Device CUDA = Device.parse("cuda");
  private static final String REASON = "libcuda.so.1 is missing";

  @TempDir Path folder;
  private Bundle bundle;

  @BeforeEach
  void write() throws Exception {
    bundle = Bundle.open(FakeBundle.write(folder, FakeBundle.manifest(4).toJson()));
  }

  private static Backends backends(Availability tensorRt) {
    return Backends.of(
        new TensorRtBackendProvider(new Gpus(tensorRt), TensorRtBackendProvider.ID),
        new FakeProvider("other", 100, Availability.usable()).on(Device.CPU, CUDA));
  }

  @Test
  void whoAsksForAGpuGetsTensorRtIfItCanRun() {
    Backends backends = backends(Availability.usable());
    assertEquals("tensorrt", backends.select(Optional.empty(), bundle, CUDA).id());
  }

  @Test
  void whoNamesNoBackendGetsAnotherWhereTensorRtCannotRun() {
    Backends backends = backends(Availability.unusable(REASON));
    assertEquals("other", backends.select(Optional.empty(), bundle, CUDA).id());
  }

  @Test
  void itIsNeverTakenForTheCpu() {
    Backends backends = backends(Availability.usable());
    assertEquals("other", backends.select(Optional.empty(), bundle).id());
    TensorRtBackendProvider provider =
        new TensorRtBackendProvider(new Gpus(Availability.usable()), "tensorrt");
    String message =
        assertThrows(
                UnsupportedFeatureException.class,
                () -> provider.open(bundle, BackendConfig.defaults()))
            .getMessage();
    assertTrue(message.contains("computes on the device \"cuda\", asked for \"cpu\""), message);
  }

  @Test
  void whoNamesItIsToldWhyItCannotRun() {
    Backends backends = backends(Availability.unusable(REASON));
    String message =
        assertThrows(
                UnsupportedFeatureException.class,
                () -> backends.select(Optional.of("tensorrt"), bundle, CUDA))
            .getMessage();
    assertTrue(message.contains("'tensorrt' cannot be used"), message);
    assertTrue(message.contains(REASON), message);
  }

  /** GPUs that nobody gets to use. */
  private record Gpus(Availability probe) implements EnginePlatform {

    @Override
    public Device device() {
      return CUDA;
    }

    @Override
    public String version() {
      return "none";
    }

    @Override
    public EngineRunner open(int index) {
      throw new AssertionError("opened");
    }

    @Override
    public Class<? extends PlanBuilder> planBuilder() {
      throw new AssertionError("asked for a builder");
    }
  }
}
