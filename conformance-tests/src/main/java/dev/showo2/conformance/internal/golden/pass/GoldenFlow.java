package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.model.internal.JsonFields;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import org.apiguardian.api.API;

/** The settings by which a case's noise becomes latents. */
@API(status = API.Status.INTERNAL)
public final class GoldenFlow {

  private GoldenFlow() {}

  /** The settings of a case, starting from its noise [1, C, T, h, w]. */
  public static FlowOptions options(JsonFields settings, HostTensor noise) {
    return FlowOptions.builder()
        .steps(settings.integer("num_inference_steps", 2, 100_000))
        .guidanceScale((float) settings.number("guidance_scale"))
        .solver(solver(settings))
        .timeShift((float) settings.number("time_shift"))
        .initialLatents(noise)
        .build();
  }

  /** What the case's seed gives in a shape. */
  public static HostTensor drawn(JsonFields settings, Shape shape) {
    long seed = settings.longInteger("seed", 0, 0xffff_ffffL);
    return new HostTensor(
        shape, new TorchRandom(seed).normals(Math.toIntExact(shape.elementCount())));
  }

  /** The solver that a case names; Euler where it names none. */
  public static Solver solver(JsonFields settings) {
    return Solver.ofId(settings.optionalString("method").orElse(Solver.EULER.id()));
  }
}
