package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.internal.FlowIntegrator;
import dev.showo2.sampler.internal.Guidance;
import dev.showo2.sampler.internal.VelocityField;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A later image of a sequence of text and images: the earlier one is at t = 1, the branch without a
 * prompt has neither its text nor it.
 *
 * @param tokens two rows of equal length, one after the other: with the prompt, and without
 * @param spans the earlier and the later image of the first row, then that of the later one alone
 * @param history [1, C, 1, h, w], of the earlier image
 */
@API(status = API.Status.INTERNAL)
@SuppressWarnings("ArrayRecordComponent") // never compared
public record LaterImage(int[] tokens, List<List<Span>> spans, HostTensor history) {

  /**
   * @param noise [1, C, 1, h, w]
   * @param times from 0 to 1
   * @return the latents at each time [points, C, 1, h, w]
   */
  public HostTensor trajectory(
      Backend backend, HostTensor noise, Guidance guidance, float... times) {
    Span earlier = spans.get(0).get(0);
    Span later = spans.get(0).get(1);
    Span alone = spans.get(1).get(0);
    int row = tokens.length / 2;
    List<HostTensor> trajectory = new ArrayList<>();
    try (PastSequence conditional = PastSequence.open(backend);
        PastSequence unconditional = PastSequence.open(backend)) {
      conditional.appendText(Arrays.copyOf(tokens, earlier.offset()));
      conditional.appendImage(history, SequenceLayout.TIME_BESIDE_IMAGE);
      conditional.appendText(Arrays.copyOfRange(tokens, earlier.end(), later.offset()));
      unconditional.appendText(Arrays.copyOfRange(tokens, row, row + alone.offset()));
      VelocityField field =
          (time, latents) -> {
            HostTensor state = new HostTensor(noise.shape(), latents);
            return guidance.combine(
                unconditional.velocity(state, time).values(),
                conditional.velocity(state, time).values());
          };
      FlowIntegrator.integrate(
          Solver.EULER,
          field,
          noise.values(),
          times,
          (index, time, latents) -> trajectory.add(new HostTensor(noise.shape(), latents)));
    }
    return HostTensors.join(trajectory, 0);
  }
}
