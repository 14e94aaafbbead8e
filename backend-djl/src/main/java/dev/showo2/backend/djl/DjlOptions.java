package dev.showo2.backend.djl;

import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.EngineThreads;
import dev.showo2.spi.support.OptionReader;
import java.time.Duration;
import java.util.OptionalInt;

/** The options that {@link DjlBackendProvider} documents, checked. */
record DjlOptions(Device device, OptionalInt threads, Duration shutdownGrace) {

  static DjlOptions of(BackendConfig config) {
    OptionReader reader = new OptionReader(DjlBackendProvider.ID, config);
    Device device = reader.device(Device.CPU, DjlDevices.CUDA);
    reader.refuseOthers();
    return new DjlOptions(device, EngineThreads.of(config), config.shutdownGrace());
  }
}
