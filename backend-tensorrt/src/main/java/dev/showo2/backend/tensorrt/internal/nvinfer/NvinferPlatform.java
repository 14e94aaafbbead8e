package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.BackendException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Device;
import org.apiguardian.api.API;

/** TensorRT on NVIDIA GPUs, through JavaCPP. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class NvinferPlatform implements EnginePlatform {

  private static final Device CUDA = Device.parse("cuda");

  /**
   * The answer for this process. A second look would find something else: JavaCPP tries to load a
   * library once, and what it says of that is said once.
   */
  private static Availability found;

  @Override
  public Availability probe() {
    synchronized (NvinferPlatform.class) {
      if (found == null) {
        // No method references: making them loads JavaCPP's classes, which may not be there.
        found = new NvinferProbe(() -> new JavacppCuda(), () -> new JavacppBuilder()).probe();
      }
      return found;
    }
  }

  @Override
  public Device device() {
    return CUDA;
  }

  @Override
  public String version() {
    return JavacppArtifacts.version("tensorrt");
  }

  @Override
  public EngineRunner open(int index) {
    requireUsable();
    CudaCalls cuda = new JavacppCuda();
    int[] count = new int[1];
    CudaDevice.check(cuda, cuda.deviceCount(count), "counting GPUs");
    if (index < 0 || index >= count[0]) {
      throw new UnsupportedFeatureException(
          "GPU " + index + " was asked for; this machine has " + count[0] + ", counted from 0");
    }
    return new NvinferRunner(new CudaDevice(cuda, index), new JavacppRuntime());
  }

  /** Refuses to go on where the first call of TensorRT would end the process. */
  void requireUsable() {
    if (probe() instanceof Availability.Unusable unusable) {
      throw new BackendException("TensorRT cannot be used: " + unusable.reason());
    }
  }

  @Override
  public Class<? extends PlanBuilder> planBuilder() {
    return NvinferPlanBuilder.class;
  }
}
