package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Hidden states to velocities. Each row of a batch is a sequence of its own; its spans have their
 * times and their velocities in the order of the sequence, row after row.
 */
@API(status = API.Status.INTERNAL)
public final class FlowHeadPass {

  private static final int BATCH = 0;
  private static final int SEQUENCE = 1;

  private FlowHeadPass() {}

  /**
   * The velocity [spans, L, p·p·C] of each span in turn, while it is the last; then it is cached
   * for those after.
   *
   * @param hidden [B, S, D]
   * @param spans of each row
   * @param times one for each span
   */
  public static HostTensor tokenVelocities(
      Backend backend, HostTensor hidden, List<List<Span>> spans, float... times) {
    if (times.length != spans.stream().mapToInt(List::size).sum()) {
      throw new IllegalArgumentException(times.length + " times for spans " + spans);
    }
    List<HostTensor> velocities = new ArrayList<>();
    for (int row = 0; row < spans.size(); row++) {
      HostTensor sequence = HostTensors.slice(hidden, BATCH, row, 1);
      append(backend, sequence, spans.get(row), times, velocities);
    }
    return HostTensors.join(velocities, BATCH);
  }

  private static void append(
      Backend backend,
      HostTensor hidden,
      List<Span> spans,
      float[] times,
      List<HostTensor> velocities) {
    int length = Math.toIntExact(hidden.shape().dimension(SEQUENCE));
    FlowHead head = backend.flowHead();
    try (KvCache cache = head.newCache(CacheRequest.of(1))) {
      for (SpanSegment segment : SpanSegment.of(spans, length)) {
        HostTensor part = HostTensors.slice(hidden, SEQUENCE, segment.start(), segment.length());
        try (Tensor input = backend.upload(part)) {
          if (segment.attention() == Attention.CAUSAL) {
            head.append(FlowHeadRequest.text(cache, input));
          } else {
            velocities.add(velocity(backend, cache, input, times[velocities.size()]));
          }
        }
      }
    }
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
