package dev.showo2.spi;

import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * The entry of a backend, found with {@link java.util.ServiceLoader}. Implementations have a public
 * constructor without arguments that does nothing that could fail, and load no native library
 * before {@link #probe()} or {@link #open} is called.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface BackendProvider {

  /**
   * The name by which applications choose the backend: lower-case letters, digits and hyphens,
   * starting with a letter, such as "onnx".
   *
   * @return the same whenever it is asked
   */
  String id();

  /**
   * Presents the backend, without loading anything native.
   *
   * @return name, version, priority and devices
   */
  BackendInfo info();

  /**
   * Tells whether the backend can run here. Never throws; a native library that is missing is a
   * reason, not an error.
   *
   * @return usable, or the reason why not
   */
  Availability probe();

  /**
   * Returns the precisions that the stages of a bundle may have for this backend to run it; by
   * default fp32 alone.
   *
   * @return not empty, the same whenever it is asked, and known without loading anything native
   */
  default Set<Precision> precisions() {
    return Set.of(Precision.FP32);
  }

  /**
   * Opens the stages that the bundle holds and the backend knows. Does not return null.
   *
   * @param bundle stays in place, unchanged, for as long as the backend is open
   * @param config device, threads, cache directory and options
   * @return a backend that the caller closes
   * @throws dev.showo2.error.UnsupportedFeatureException if the configuration names a device or
   *     option that this backend does not have, or a stage of the bundle is in a precision that is
   *     not among {@link #precisions()}; {@link PrecisionSupport#check} sees to the latter
   * @throws dev.showo2.error.BackendException if the engine fails; nothing stays open then
   */
  Backend open(Bundle bundle, BackendConfig config);
}
