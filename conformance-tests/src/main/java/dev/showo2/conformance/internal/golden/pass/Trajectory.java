package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.pipeline.DenoisingStep;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apiguardian.api.API;

/** Keeps the latents of every time point of a run, the noise included. */
@API(status = API.Status.INTERNAL)
public final class Trajectory implements GenerationListener {

  private final List<HostTensor> points = new ArrayList<>();

  @Override
  public void step(DenoisingStep step) {
    points.add(step.latents());
  }

  /** How many time points there were. */
  public int size() {
    return points.size();
  }

  /** All points along a new first axis. */
  public HostTensor stacked() {
    return HostTensors.join(points.stream().map(Trajectory::withPointAxis).toList(), 0);
  }

  private static HostTensor withPointAxis(HostTensor point) {
    return point.reshape(
        LongStream.concat(LongStream.of(1), LongStream.of(point.shape().toArray())).toArray());
  }
}
