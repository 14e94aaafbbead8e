package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.pipeline.SegmentRunner;
import dev.showo2.sequence.Part;
import dev.showo2.sequence.Segment;
import dev.showo2.stage.Attention;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Holds the sequence of a question against its golden: ids, span, embeddings. */
record SequenceChecks(GoldenCase golden, List<Segment> segments, Checks checks) {

  /** Text before the image is the prefix, boi included with what follows it the suffix. */
  void ids() {
    int[] ids =
        segments.stream()
            .flatMap(segment -> segment.parts().stream())
            .filter(Part.Text.class::isInstance)
            .flatMapToInt(part -> IntStream.of(((Part.Text) part).ids()))
            .toArray();
    int prefix = Math.min(golden.integers("prefix_ids").length, ids.length);
    ids("prefix_ids", Arrays.copyOf(ids, prefix));
    ids("suffix_ids", Arrays.copyOfRange(ids, prefix, ids.length));
  }

  private void ids(String name, int[] ids) {
    checks.exact(name, ids, golden.integers(name));
  }

  void span() {
    Span expected = golden.spans(1).get(0).get(0);
    int position = 0;
    for (Segment segment : segments) {
      if (segment.attention() == Attention.FULL) {
        checks.exact("span offset", position, expected.offset());
        checks.exact("span length", segment.length(), expected.length());
      }
      position += segment.length();
    }
  }

  void embeddings(SegmentRunner runner, List<Tensor> visuals) {
    List<HostTensor> parts = new ArrayList<>();
    for (Segment segment : segments) {
      parts.addAll(runner.embeddings(segment, visuals));
    }
    checks.stage("embeddings", HostTensors.join(parts, 1), golden.floats("embeddings"));
  }
}
