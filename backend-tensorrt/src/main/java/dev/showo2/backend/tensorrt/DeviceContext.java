package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.model.Architecture;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.support.BackendLifetime;
import dev.showo2.spi.support.StageArguments;
import dev.showo2.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The parts of one backend that all its stages use.
 *
 * @param lifetime of the backend
 * @param engines of the bundle's graphs
 * @param queue that all calls go through
 * @param arguments checks what stages are given
 * @param beforeRelease told of keys and values that are about to be freed
 */
record DeviceContext(
    BackendLifetime lifetime,
    Architecture architecture,
    StageEngines engines,
    DeviceQueue queue,
    StageArguments<DeviceTensor, DeviceKvCache> arguments,
    List<Consumer<KeyValueMemory>> beforeRelease) {

  DeviceContext(
      BackendLifetime lifetime,
      Architecture architecture,
      StageEngines engines,
      DeviceQueue queue) {
    this(
        lifetime,
        architecture,
        engines,
        queue,
        new StageArguments<>(architecture, lifetime, DeviceTensor.class, DeviceKvCache.class),
        new ArrayList<>());
  }

  /** A run of the main graph of a stage. */
  StageCall call(Stage stage) {
    return call(stage, GraphFile.MAIN);
  }

  /** A run of a graph; the caller closes it. */
  StageCall call(Stage stage, String part) {
    return new StageCall(engines.engine(stage, part), queue);
  }

  DeviceTensor tensor(Binding values) {
    return new DeviceTensor(lifetime, queue, values);
  }
}
