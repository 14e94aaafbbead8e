package dev.showo2.backend.tensorrt.internal.device;

import dev.showo2.spi.Availability;
import dev.showo2.spi.Device;
import org.apiguardian.api.API;

/** An engine library and its GPUs. Thread-safe. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface EnginePlatform {

  /** Tells whether engines can run here, or the library, driver or GPU that is missing. */
  Availability probe();

  /** The name of these GPUs; without an index the first. */
  Device device();

  /** The version of the engine library's Java part, known without loading anything native. */
  String version();

  /**
   * Opens a GPU.
   *
   * @param index of the GPU, from 0
   * @throws dev.showo2.error.UnsupportedFeatureException if there is no such GPU
   * @throws dev.showo2.error.BackendException if the library cannot be loaded
   */
  EngineRunner open(int index);

  /** The class with a public constructor without parameters that builds plans for these GPUs. */
  Class<? extends PlanBuilder> planBuilder();
}
