package dev.showo2.conformance;

import dev.showo2.model.JsonFields;
import dev.showo2.pipeline.FlowOptions;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How a case's noise is to become latents. */
final class GoldenFlow {

  private GoldenFlow() {}

  /** The settings of a case, starting from its noise [1, C, T, h, w]. */
  static FlowOptions options(JsonFields settings, HostTensor noise) {
    return new FlowOptions(
        OptionalLong.empty(),
        OptionalInt.of(settings.integer("num_inference_steps", 2, 100_000)),
        Optional.of((float) settings.number("guidance_scale")),
        Optional.of(Solver.ofId(settings.optionalString("method").orElse(Solver.EULER.id()))),
        Optional.of((float) settings.number("time_shift")),
        Optional.of(noise));
  }

  /** What the case's seed gives, in the shape of its noise. */
  static HostTensor drawn(JsonFields settings, HostTensor noise) {
    long seed = settings.longInteger("seed", 0, 0xffff_ffffL);
    return new HostTensor(noise.shape(), new TorchRandom(seed).normals(noise.values().length));
  }
}
