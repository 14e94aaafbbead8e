package dev.showo2.conformance.golden;

import dev.showo2.model.JsonFields;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;

/** How a case's noise is to become latents. */
final class GoldenFlow {

  private GoldenFlow() {}

  /** The settings of a case, starting from its noise [1, C, T, h, w]. */
  static FlowOptions options(JsonFields settings, HostTensor noise) {
    return FlowOptions.builder()
        .steps(settings.integer("num_inference_steps", 2, 100_000))
        .guidanceScale((float) settings.number("guidance_scale"))
        .solver(solver(settings))
        .timeShift((float) settings.number("time_shift"))
        .initialLatents(noise)
        .build();
  }

  /** What the case's seed gives, in the shape of its noise. */
  static HostTensor drawn(JsonFields settings, HostTensor noise) {
    long seed = settings.longInteger("seed", 0, 0xffff_ffffL);
    return new HostTensor(noise.shape(), new TorchRandom(seed).normals(noise.values().length));
  }

  static Solver solver(JsonFields settings) {
    return Solver.ofId(settings.optionalString("method").orElse(Solver.EULER.id()));
  }
}
