package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Hidden states to velocities. Each row of a batch is a sequence of its own; its spans have their
 * times and their velocities in the order in which they stand, row after row.
 */
final class FlowHeadRunner implements CaseRunner {

  private static final int BATCH = 0;
  private static final int SEQUENCE = 1;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("flow_head");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return spans(golden).stream().allMatch(spans -> spans.size() <= 1) ? Rule.H03 : Rule.H04;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.FLOW_HEAD, Stage.TIME_EMBEDDING);
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    Backend backend = subject.backend();
    HostTensor hidden = golden.floats("hidden");
    List<List<Span>> spans = spans(golden);
    List<Float> times = new ArrayList<>();
    for (float time : golden.floats("t").values()) {
      times.add(time);
    }
    if (times.size() != spans.stream().mapToInt(List::size).sum()) {
      throw new IllegalStateException(times.size() + " times for spans " + spans);
    }
    Iterator<Float> time = times.iterator();
    List<HostTensor> velocities = new ArrayList<>();
    for (int row = 0; row < spans.size(); row++) {
      HostTensor sequence = HostTensors.slice(hidden, BATCH, row, 1);
      velocities.addAll(velocities(backend, sequence, spans.get(row), time));
    }
    checks.stage(
        "token_velocity", HostTensors.join(velocities, BATCH), golden.floats("token_velocity"));
  }

  private static List<List<Span>> spans(GoldenCase golden) {
    return golden.spans((int) golden.shape("hidden", 3).dimension(BATCH));
  }

  /** The velocity of each span in turn, while it stands last; then it is kept for those after. */
  private static List<HostTensor> velocities(
      Backend backend, HostTensor hidden, List<Span> spans, Iterator<Float> times) {
    int length = Math.toIntExact(hidden.shape().dimension(SEQUENCE));
    FlowHead head = backend.flowHead();
    List<HostTensor> velocities = new ArrayList<>();
    try (KvCache cache = head.newCache(1)) {
      for (SpanSegment segment : SpanSegment.of(spans, length)) {
        HostTensor part = HostTensors.slice(hidden, SEQUENCE, segment.start(), segment.length());
        try (Tensor input = backend.upload(part)) {
          if (segment.attention() == Attention.CAUSAL) {
            head.append(FlowHeadRequest.text(cache, input));
          } else {
            velocities.add(velocity(backend, cache, input, times.next()));
          }
        }
      }
    }
    return velocities;
  }

  private static HostTensor velocity(Backend backend, KvCache cache, Tensor span, float time) {
    FlowHead head = backend.flowHead();
    try (TimeFeatures features =
        backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
      FlowHeadRequest request = FlowHeadRequest.span(cache, span, features.vector());
      try (Tensor velocity = head.velocity(request)) {
        HostTensor values = velocity.toHost();
        head.append(request);
        return values;
      }
    }
  }
}
