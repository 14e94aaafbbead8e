package dev.showo2.backend.tensorrt.internal.device;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.apiguardian.api.API;

/** One GPU that runs engines. Thread-safe; streams are not. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface EngineRunner extends AutoCloseable {

  /**
   * All that a plan depends on beside graph and options, on one line: the versions of library and
   * driver, and the name and compute capability of the GPU.
   */
  String platform();

  /** Opens an ordered queue of calls. */
  DeviceStream openStream();

  /**
   * Makes an engine of a plan that was built on this platform.
   *
   * @param plan its bytes, direct and in order; they may be given up afterwards
   * @param weightBytes of a plan built for weight streaming: how many of its weights stay on the
   *     GPU; empty for all
   * @throws dev.showo2.error.BackendException if the plan is not one of this platform
   */
  Engine load(List<ByteBuffer> plan, OptionalLong weightBytes);

  /** Frees what the runner holds, after its engines and streams were closed. */
  @Override
  void close();
}
