package dev.showo2.samples.cli;

import dev.showo2.conformance.Target;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Backends;
import dev.showo2.spi.Device;
import dev.showo2.spi.support.OptionReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The backend that runs a model, and its device. */
class BackendOptions {

  @Option(
      names = "--backend",
      paramLabel = "ID",
      description = "Backend to run on; without it, the best that can run here.")
  private String backend;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "What it computes on, such as cpu or cuda:1; without it, the CPU.")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of one computation; without it, the backend decides.")
  private Integer threads;

  @Option(
      names = "--backend-option",
      paramLabel = "NAME=VALUE",
      description =
          "Option of the backend, such as compute=auto of djl or memory-map=true of onnx; may be"
              + " given several times.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The backend that was asked for, also if it cannot run here.
   *
   * @throws ParameterException if there is none of this id
   */
  Target target() {
    try {
      return Target.of(backend);
    } catch (UnsupportedFeatureException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * Chooses before anything that takes time is done.
   *
   * @throws ParameterException if the backend that was asked for cannot run here
   * @throws UnsupportedFeatureException if none was asked for and none can run here
   */
  BackendProvider provider() {
    try {
      return Backends.find().select(Optional.ofNullable(backend), device());
    } catch (UnsupportedFeatureException e) {
      if (backend == null) {
        throw e;
      }
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  /**
   * @param provider that will get it
   * @throws ParameterException if an option is out of its range, or the backend says that it has
   *     other devices
   */
  BackendConfig config(BackendProvider provider) {
    BackendConfig.Builder config = BackendConfig.builder();
    config.device(device());
    options.forEach(
        (name, value) -> {
          if (name.isBlank()) {
            throw refused("--backend-option: NAME=VALUE is needed, found =" + value);
          }
          config.option(name, value);
        });
    if (threads != null) {
      if (threads < 1) {
        throw refused("--threads: at least 1 is needed, found " + threads);
      }
      config.threads(threads);
    }
    return requireDevice(config.build(), provider);
  }

  private BackendConfig requireDevice(BackendConfig config, BackendProvider provider) {
    Set<Device> devices = provider.info().devices();
    try {
      if (device != null && !devices.isEmpty()) {
        new OptionReader(provider.id(), config).device(devices.toArray(Device[]::new));
      }
      return config;
    } catch (UnsupportedFeatureException e) {
      throw new ParameterException(command.commandLine(), "--device: " + e.getMessage(), e);
    }
  }

  private Device device() {
    if (device == null) {
      return Device.CPU;
    }
    if (device.isBlank()) {
      throw refused("--device: a name such as cpu is needed, found a blank one");
    }
    try {
      return Device.parse(device);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "--" + e.getMessage(), e);
    }
  }

  CommandSpec command() {
    return command;
  }

  /** Whether the user says which backend. */
  boolean named() {
    return backend != null;
  }

  ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
