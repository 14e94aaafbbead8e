package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.nvinfer.NvinferPlatform;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Backend;
import dev.showo2.spi.BackendConfig;
import dev.showo2.spi.BackendInfo;
import dev.showo2.spi.BackendProvider;
import dev.showo2.spi.PrecisionSupport;
import java.util.EnumSet;
import java.util.Set;
import org.apiguardian.api.API;

/**
 * Runs the graphs of a bundle on an NVIDIA GPU with TensorRT. The device is {@code cuda}, or such
 * as {@code cuda:1} for the second GPU; it is never the default.
 *
 * <p>Applications add the native libraries, which NVIDIA licenses, and a driver; the README of this
 * artifact says which. The first opening of a bundle builds its engines in a process of its own,
 * which takes minutes; they are kept in the folder {@code tensorrt} of {@link
 * BackendConfig#cacheDirectory()}, or else of the user's cache.
 *
 * <p>Options of {@link BackendConfig}, with their defaults:
 *
 * <ul>
 *   <li>{@code largest-image} = {@code 1024}: most pixels of an image or video along either side
 *   <li>{@code largest-batch} = {@code 4}: most sequences side by side
 *   <li>{@code longest-prefix} = {@code 8192}: most positions of a prompt, a conversation or a
 *       story
 *   <li>{@code longest-segment}: most tokens of one call; by default as many as images and videos
 *       of the largest size need
 *   <li>{@code optimization-level} = {@code 3}: from 0, quick to build, to 5, long to build
 *   <li>{@code workspace-mib} = {@code 0}: memory that the builder may try kernels with; 0 for no
 *       limit
 *   <li>{@code resident-weights-mib} = {@code 0}: weights of each engine that stay on the GPU while
 *       the others are copied when they are needed, for GPUs smaller than the model; 0 for all
 *   <li>{@code refit} = {@code false}: build engines that take the weights of another bundle of the
 *       same architecture without being built anew
 *   <li>{@code compute-precision} = {@code bundle}: type of the products that the graph has in
 *       32-bit floats (attention and convolutions in every bundle): {@code fp16} or {@code bf16};
 *       layers that the bundle has in 16 bits stay as they are
 *   <li>{@code tf32} = {@code false}: let products of 32-bit floats read ten bits of the fraction
 *       alone
 *   <li>{@code engine-cache-mib} = {@code 32768}: disk space for engines; those that were used
 *       least recently are deleted beyond it
 *   <li>{@code cuda-graphs} = {@code true}: launch the calls of a denoising step as one; not with
 *       {@code resident-weights-mib}
 * </ul>
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class TensorRtBackendProvider implements BackendProvider {

  /** The id by which applications choose this backend. */
  public static final String ID = "tensorrt";

  private static final int PRIORITY = 200;

  private final EnginePlatform platform;
  private final String id;

  /** For {@link java.util.ServiceLoader}. */
  public TensorRtBackendProvider() {
    this(new NvinferPlatform(), ID);
  }

  TensorRtBackendProvider(EnginePlatform platform, String id) {
    this.platform = platform;
    this.id = id;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public BackendInfo info() {
    return BackendInfo.builder("TensorRT")
        .version(platform.version())
        .priority(PRIORITY)
        .devices(Set.of(platform.device()))
        .build();
  }

  @Override
  public Set<Precision> precisions() {
    return EnumSet.complementOf(EnumSet.of(Precision.INT4));
  }

  @Override
  public Availability probe() {
    return platform.probe();
  }

  @Override
  public Backend open(Bundle bundle, BackendConfig config) {
    PrecisionSupport.check(this, bundle);
    return TensorRtBackend.open(platform, id, bundle, config);
  }
}
