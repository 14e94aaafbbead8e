package dev.showo2.spi;

import java.util.Objects;
import org.apiguardian.api.API;

/**
 * How a backend presents itself.
 *
 * @param name for people, such as "ONNX Runtime"
 * @param version of the engine
 * @param priority the higher of two usable backends is chosen when none is named; the SDK's own
 *     range from 100 (general) to 300 (needs special hardware)
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record BackendInfo(String name, String version, int priority) {

  public BackendInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
  }
}
