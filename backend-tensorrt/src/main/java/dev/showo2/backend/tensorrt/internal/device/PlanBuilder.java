package dev.showo2.backend.tensorrt.internal.device;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/** Builds plans, in a process of its own, since a fault in the native library ends it. */
@API(status = API.Status.INTERNAL, since = "0.1")
public interface PlanBuilder {

  /**
   * Builds a plan.
   *
   * @param progress is told what is being done, in short lines
   * @throws dev.showo2.error.ShowO2Exception if the graph or the options do not suit the library
   * @throws IOException if a file cannot be read or written
   */
  void build(PlanRequest request, Consumer<String> progress) throws IOException;

  /**
   * A plan to be built.
   *
   * @param device index of the GPU, from 0
   * @param timings file with what earlier builds measured; read if it is there, and written
   * @param plan file to write, which does not exist
   */
  record PlanRequest(EngineSpec spec, BuildOptions options, int device, Path timings, Path plan) {}

  /**
   * Settings of the builder.
   *
   * @param optimizationLevel from 0, a quick build, to 5, a long one
   * @param workspaceBytes the builder may use at most while it tries kernels; 0 for no limit
   * @param weightStreaming whether weights may stay on the host and be copied when they are needed
   * @param refittable whether weights may be exchanged without building anew
   * @param compute the type of products that the graph has in 32-bit floats
   * @param tf32 whether products of 32-bit floats may read ten bits of the fraction alone
   */
  record BuildOptions(
      int optimizationLevel,
      long workspaceBytes,
      boolean weightStreaming,
      boolean refittable,
      ComputePrecision compute,
      boolean tf32) {}
}
