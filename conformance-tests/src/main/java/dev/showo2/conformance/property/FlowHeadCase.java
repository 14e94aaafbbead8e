package dev.showo2.conformance.property;

import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Text and finished images, then the span of an image being made, at two times.
 *
 * @param before what comes before the span; may be empty
 * @param tokens of the image being made, without its time token
 */
record FlowHeadCase(int batch, List<Segment> before, int tokens) implements StageCase {

  /** Text is causal and has no time; a finished image is full and has one. */
  record Segment(int length, boolean image) {}

  @Override
  public void run(StageRun run) {
    if (run.compares(Stage.FLOW_HEAD)) {
      try (KvCache cache = run.backend().flowHead().newCache(CacheRequest.of(batch))) {
        before.forEach(segment -> append(run, cache, segment));
        velocity(run, cache, "velocity");
        velocity(run, cache, "velocity at another time");
      }
    }
  }

  private void append(StageRun run, KvCache cache, Segment segment) {
    FlowHead flowHead = run.backend().flowHead();
    try (Tensor hidden = hidden(run, segment.length());
        Tensor time = time(run)) {
      flowHead.append(
          segment.image()
              ? new FlowHeadRequest(cache, hidden, Attention.FULL, Optional.of(time))
              : FlowHeadRequest.text(cache, hidden));
    }
  }

  private void velocity(StageRun run, KvCache cache, String name) {
    try (Tensor hidden = hidden(run, 1 + tokens);
        Tensor time = time(run)) {
      run.keep(name, run.backend().flowHead().velocity(FlowHeadRequest.span(cache, hidden, time)));
    }
  }

  private Tensor hidden(StageRun run, int length) {
    return run.noise(batch, length, run.sizes().backbone().hiddenSize());
  }

  private Tensor time(StageRun run) {
    return run.noise(batch, run.sizes().flowHead().hiddenSize());
  }
}
