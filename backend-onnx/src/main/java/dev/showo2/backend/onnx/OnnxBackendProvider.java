package dev.showo2.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import dev.showo2.error.BackendException;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.Device;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Runs the graphs of a bundle on ONNX Runtime's CPU engine.
 *
 * <p>Options of {@link BackendConfig}, with their defaults:
 *
 * <ul>
 *   <li>{@code dialect} = {@code ort}: graphs with the engine's own operators where the bundle has
 *       them; {@code portable} for plain ONNX throughout
 *   <li>{@code graph-optimization} = {@code all}; also {@code none}, {@code basic}, {@code
 *       extended}
 *   <li>{@code memory-arena} = {@code true}: keep freed memory for the next run
 *   <li>{@code memory-map} = {@code false}: leave weights in the page cache instead of packing a
 *       private copy for speed
 *   <li>{@code spinning} = {@code false}: let idle threads burn cycles for a faster start
 * </ul>
 *
 * <p>On x86 processors that are not known to have VNNI, the engine's fast products of 8-bit
 * integers are not exact. There they are replaced by slower ones, for which {@code
 * graph-optimization} must be {@code extended} or {@code all}; below, plain ONNX is computed
 * whatever {@code dialect} says.
 *
 * <p>What the engine, the JVM's heap or its buffers have no room for is an {@link
 * dev.showo2.error.InsufficientMemoryException}. Images whose attention in the VAE is more than
 * this machine or container has memory and swap in all are refused beforehand.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class OnnxBackendProvider implements BackendProvider {

  /** The id by which applications choose this backend. */
  public static final String ID = "onnx";

  private static final int PRIORITY = 100;

  /** For {@link java.util.ServiceLoader}. */
  public OnnxBackendProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public BackendInfo info() {
    // Read from the jar, because asking the engine would load its native library.
    String version = OrtEnvironment.class.getPackage().getImplementationVersion();
    return BackendInfo.builder("ONNX Runtime")
        .version(version == null ? "unknown" : version)
        .priority(PRIORITY)
        .devices(Set.of(Device.CPU))
        .build();
  }

  @Override
  public Set<Precision> precisions() {
    return EnumSet.allOf(Precision.class);
  }

  @Override
  public Availability probe() {
    try {
      OnnxEnvironment.get();
      return Availability.usable();
    } catch (BackendException e) {
      return Availability.unusable(e.getMessage());
    }
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return OnnxBackend.open(bundle, OnnxOptions.of(config));
  }
}
