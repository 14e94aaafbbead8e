package dev.showo2.backend.onnx;

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
 * Runs the graphs of a bundle on ONNX Runtime, on the CPU or on a GPU of NVIDIA.
 *
 * <p>Options of {@link BackendConfig}, with their defaults:
 *
 * <ul>
 *   <li>{@code dialect} = {@code ort}: graphs with the engine's own operators where the bundle has
 *       them; {@code portable} for plain ONNX throughout, which is the default on GPUs
 *   <li>{@code graph-optimization} = {@code all}; also {@code none}, {@code basic}, {@code
 *       extended}
 *   <li>{@code memory-arena} = {@code true}: keep freed memory for the next run
 *   <li>{@code memory-map} = {@code false}: leave weights in the page cache instead of packing a
 *       private copy for speed
 *   <li>{@code background-opening} = {@code true}: return before stages with large weights are
 *       opened, which goes on meanwhile; a call of a stage waits for it, and reports why it cannot
 *       be opened. With {@code false} that is reported while the backend is opened
 *   <li>{@code packed-weights-mib} = {@code 32768}: most MiB that weights may take on disk as
 *       kernels want them, from where they are mapped; 0 to keep them in memory. They are in {@link
 *       BackendConfig#cacheDirectory()}, or else in this user's cache
 *   <li>{@code spinning} = {@code false}: let idle threads burn cycles for a faster start
 * </ul>
 *
 * <p>The device {@code cuda} or {@code cuda:1} needs {@code
 * com.microsoft.onnxruntime:onnxruntime_gpu} in the place of {@code onnxruntime}, CUDA 12 and cuDNN
 * 9. It was never run. Its options:
 *
 * <ul>
 *   <li>{@code cuda-memory-limit} = {@code 0}: most MiB of the GPU that each graph may take, its
 *       weights included; 0 for no limit
 *   <li>{@code cuda-arena} = {@code same-as-requested}: take that much memory of the GPU at a time;
 *       {@code next-power-of-two} for more than is needed
 *   <li>{@code cudnn-search} = {@code heuristic}: choose kernels of convolutions by rules; {@code
 *       exhaustive} by timing them, so that results may differ a little between two openings, or
 *       {@code default}
 *   <li>{@code cuda-tf32} = {@code false}: round what fp32 products multiply to 10 bits
 *   <li>{@code tensorrt} = {@code false}: let ONNX Runtime's TensorRT provider compute what it can;
 *       needs TensorRT 10. Engines are kept in {@link BackendConfig#cacheDirectory()}, if there is
 *       one, which nobody else may write to: they are code
 *   <li>{@code tensorrt-precision} = {@code fp32}: what TensorRT may compute in beside that; {@code
 *       fp16} or {@code bf16}
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
    return BackendInfo.builder("ONNX Runtime")
        .version(OnnxLibrary.version().orElse("unknown"))
        .priority(PRIORITY)
        .devices(List.of(Device.CPU, CudaProvider.DEVICE))
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
