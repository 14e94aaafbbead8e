package dev.showo2.backend.tensorrt.internal.nvinfer;

import dev.showo2.backend.tensorrt.internal.device.PlanBuilder;
import dev.showo2.error.BackendException;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/** TensorRT's builder, through JavaCPP. */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class NvinferPlanBuilder implements PlanBuilder {

  @Override
  public void build(PlanRequest request, Consumer<String> progress) {
    throw new BackendException("TensorRT cannot be loaded by this version");
  }
}
