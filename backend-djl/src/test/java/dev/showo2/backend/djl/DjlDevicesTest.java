package dev.showo2.backend.djl;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.backend.djl.DjlDevices.Machine;
import dev.showo2.conformance.FixtureModels;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import org.junit.jupiter.api.Test;

class DjlDevicesTest {

  /** A machine whose PyTorch was built with CUDA. */
  private record WithCuda(int gpus) implements Machine {

    @Override
    public boolean hasCuda() {
      return true;
    }
  }

  private static ai.djl.Device resolve(String device, int gpus) {
    return DjlDevices.resolve(Device.parse(device), new WithCuda(gpus));
  }

  @Test
  void devicesOfThisMachineAreFound() {
    assertEquals(ai.djl.Device.cpu(), resolve("cpu", 1));
    assertEquals(ai.djl.Device.gpu(0), resolve("cuda", 2));
    assertEquals(ai.djl.Device.gpu(1), resolve("cuda:1", 2));
  }

  @Test
  void absentGpuIsRefusedWithTheReason() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> resolve("cuda", 0),
        "the backend 'djl' has no device \"cuda\" here: CUDA finds no GPU here; nvidia-smi");
    assertFails(
        UnsupportedFeatureException.class,
        () -> resolve("cuda:2", 2),
        "no device \"cuda:2\" here: CUDA finds only cuda:0, cuda:1");
  }

  /** The libraries of these tests are for the CPU. */
  @Test
  void artifactWithCudaIsNamed() {
    try (FixtureModels models = new FixtureModels()) {
      BackendConfig config = BackendConfig.builder().device("cuda:0").build();
      String platform = DjlNatives.thisPlatform();
      assertFails(
          UnsupportedFeatureException.class,
          () -> new DjlBackendProvider().open(models.bundle("tiny-a"), config),
          "the backend 'djl' has no device \"cuda:0\" here: the PyTorch on the class path was built"
              + " without CUDA; take ai.djl.pytorch:pytorch-native-cu128:2.7.1:"
              + platform
              + " in place of ai.djl.pytorch:pytorch-native-cpu:2.7.1:"
              + platform);
    }
  }

  @Test
  void otherDevicesAreRefused() {
    assertFails(
        UnsupportedFeatureException.class,
        () -> DjlOptions.of(BackendConfig.builder().device("rocm").build()),
        "computes on the device \"cpu\" or \"cuda\", asked for \"rocm\"");
  }
}
