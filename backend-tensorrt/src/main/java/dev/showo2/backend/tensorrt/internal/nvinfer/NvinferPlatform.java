package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.EnginePlatform;
import dev.showo2.backend.tensorrt.internal.device.EngineRunner;
import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.BackendException;
import dev.showo2.spi.Availability;
import dev.showo2.spi.Device;
import org.apiguardian.api.API;

/** TensorRT on NVIDIA GPUs, through JavaCPP. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class NvinferPlatform implements EnginePlatform {

  private static final Device CUDA = Device.parse("cuda");

  @Override
  public Availability probe() {
    return Availability.unusable("TensorRT cannot be loaded by this version");
  }

  @Override
  public Device device() {
    return CUDA;
  }

  @Override
  public String version() {
    return "none";
  }

  @Override
  public EngineRunner open(int index) {
    throw new BackendException("TensorRT cannot be loaded by this version");
  }

  @Override
  public Class<? extends PlanBuilder> planBuilder() {
    return NvinferPlanBuilder.class;
  }
}
