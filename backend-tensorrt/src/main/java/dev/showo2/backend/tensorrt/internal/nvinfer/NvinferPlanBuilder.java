package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import java.io.IOException;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/** TensorRT's builder, through JavaCPP. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class NvinferPlanBuilder implements PlanBuilder {

  @Override
  public void build(PlanRequest request, Consumer<String> progress) throws IOException {
    progress.accept("loading TensorRT");
    new NvinferPlatform().requireUsable();
    CudaDevice device = new CudaDevice(new JavacppCuda(), request.device());
    new PlanBuild(device, new JavacppBuilder(), request, progress).run();
  }
}
