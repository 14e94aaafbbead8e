package dev.showo2.backend.djl;

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
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Computes the stages of a bundle with DJL on PyTorch, from the weights alone: it reads no graphs.
 *
 * <p>All stages compute in 32-bit floats, whatever the precision of the bundle. Weights in 32-bit
 * floats stay in the page cache; others are decoded into memory when the bundle is opened.
 *
 * <p>Options of {@link BackendConfig}, with their defaults:
 *
 * <ul>
 *   <li>{@code compute} = {@code fp32}; with {@code bf16} linear layers round what they multiply to
 *       bfloat16, for which weights are held in half the memory, and with {@code auto} they do so
 *       where the processor has instructions for it (AVX-512 BF16, AMX, Arm BF16). Elsewhere it is
 *       several times slower.
 * </ul>
 *
 * <p>Applications add the native libraries of their platform, such as {@code
 * ai.djl.pytorch:pytorch-native-cpu:2.7.1:linux-x86_64}. They are unpacked once into the SDK's
 * cache folder. The device {@code cuda} needs those with CUDA, such as {@code
 * ai.djl.pytorch:pytorch-native-cu128}; it was never run. A folder with another PyTorch is named by
 * the environment variables {@code PYTORCH_LIBRARY_PATH}, {@code PYTORCH_VERSION} and {@code
 * PYTORCH_FLAVOR}, as DJL reads them.
 *
 * <p>The number of threads holds for the calls of this backend. PyTorch keeps it for each thread
 * that calls it, and another one for threads that are new to it, which is that of the calls in
 * progress. DJL's own native library keeps the class loader that has DJL: a server that exchanges
 * applications has DJL's jars in a class loader that they share.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DjlBackendProvider implements BackendProvider {

  /** The id by which applications choose this backend. */
  public static final String ID = "djl";

  private static final int PRIORITY = 50;

  /** For {@link java.util.ServiceLoader}. */
  public DjlBackendProvider() {}

  @Override
  public String id() {
    return ID;
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("PyTorch by DJL")
        .version(DjlLibrary.version())
        .priority(PRIORITY)
        .devices(List.of(Device.CPU, DjlDevices.CUDA))
        .build();
  }

  @Override
  public Set<Precision> precisions() {
    return EnumSet.allOf(Precision.class);
  }

  /** Does not load them: another backend may be taken, and these are half a gigabyte. */
  @Override
  public Availability probe() {
    try {
      DjlLibrary.check();
      return Availability.usable();
    } catch (BackendException e) {
      return Availability.unusable(e.getMessage());
    }
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    return DjlBackend.open(bundle, DjlOptions.of(config));
  }
}
