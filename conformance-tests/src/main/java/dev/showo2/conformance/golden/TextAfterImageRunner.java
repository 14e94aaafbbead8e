package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.SegmentRunner;
import dev.showo2.sequence.Part;
import dev.showo2.sequence.Segment;
import dev.showo2.sequence.SequenceLayout;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Text that is continued greedily after a finished image. */
final class TextAfterImageRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("mixed")
        && golden.announces("input_ids")
        && golden.announces("latents");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P09;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(
        Stage.TEXT_EMBEDDING,
        Stage.TIME_EMBEDDING,
        Stage.FUSION,
        Stage.BACKBONE,
        Stage.LANGUAGE_HEAD);
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    Backend backend = subject.backend();
    SequenceLayout layout = subject.model().layout();
    int[] ids = Arrays.stream(golden.integers("input_ids")).mapToInt(Math::toIntExact).toArray();
    Span span = golden.spans(1).get(0).get(0);
    float time = golden.floats("t").values()[0];
    checks.exact(
        "time of a finished image", Math.round(time), Math.round(SequenceLayout.TIME_BEFORE_TEXT));
    try (Tensor uploaded = backend.upload(HostTensors.withFrameAxis(golden.floats("latents")));
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        KvCache cache = backend.backbone().newCache(1)) {
      List<Segment> segments =
          List.of(
              Segment.causal(new Part.Text(Arrays.copyOf(ids, span.offset()))),
              layout.finishedImage(time, 0, span.length() - 1),
              Segment.causal(new Part.Text(Arrays.copyOfRange(ids, span.end(), ids.length))));
      Tensor hidden = new SegmentRunner(backend, 1).appendAll(cache, segments, List.of(image));
      TextRunner.compareGreedyIds(golden, subject.model(), cache, hidden, checks);
    }
  }
}
