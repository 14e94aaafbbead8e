package dev.showo2.backend.djl;

import ai.djl.engine.Engine;
import dev.showo2.error.BackendException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.natives.internal.QuietDjl;
import dev.showo2.spi.Device;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The devices of this machine that PyTorch computes on, by the names of the SDK. */
final class DjlDevices {

  /** NVIDIA GPUs; without an index the first. */
  static final Device CUDA = Device.parse("cuda");

  /** The flavor of PyTorch's natives whose CUDA is the newest that DJL 0.36 has a library for. */
  private static final String CUDA_FLAVOR = "cu128";

  private DjlDevices() {}

  /** The facts of a machine that devices depend on; others in tests. */
  interface Machine {

    /** Tells whether PyTorch was built with CUDA. */
    boolean hasCuda();

    /** {@return the number of GPUs that CUDA can use} */
    int gpus();

    static Machine of(Engine engine) {
      return new Machine() {
        @Override
        public boolean hasCuda() {
          return engine.hasCapability("CUDA");
        }

        @Override
        public int gpus() {
          try {
            return QuietDjl.call(null, engine::getGpuCount);
          } catch (Exception e) {
            throw new BackendException("the GPUs of this machine cannot be told: " + e, e);
          }
        }
      };
    }
  }

  /**
   * Resolves a device.
   *
   * @param device {@code cpu} or {@code cuda}, as the options were checked
   * @throws UnsupportedFeatureException if it is not there; the message says why and what to do
   */
  static ai.djl.Device resolve(Device device, Machine machine) {
    if (!device.type().equals(CUDA.type())) {
      return ai.djl.Device.cpu();
    }
    if (!machine.hasCuda()) {
      throw absent(device, "the PyTorch on the class path was built without CUDA; " + advice());
    }
    int gpus = machine.gpus();
    int index = device.index().orElse(0);
    if (gpus == 0) {
      throw absent(device, "CUDA finds no GPU here; nvidia-smi says whether the driver finds one");
    }
    if (index >= gpus) {
      throw absent(
          device,
          "CUDA finds only "
              + IntStream.range(0, gpus)
                  .mapToObj(each -> CUDA.type() + ":" + each)
                  .collect(Collectors.joining(", ")));
    }
    return ai.djl.Device.gpu(index);
  }

  private static String advice() {
    try {
      DjlNatives natives = DjlNatives.find();
      return "take "
          + DjlNatives.artifact(CUDA_FLAVOR, natives.torch(), natives.platform())
          + " in place of "
          + natives.artifact();
    } catch (BackendException e) {
      // The user has chosen a folder.
      return "take one with CUDA";
    }
  }

  private static UnsupportedFeatureException absent(Device device, String reason) {
    return new UnsupportedFeatureException(
        "the backend '"
            + DjlBackendProvider.ID
            + "' has no device \""
            + device
            + "\" here: "
            + reason);
  }
}
