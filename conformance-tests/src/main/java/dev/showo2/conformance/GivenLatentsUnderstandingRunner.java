package dev.showo2.conformance;

import dev.showo2.pipeline.LoadedModel;
import dev.showo2.pipeline.SegmentRunner;
import dev.showo2.sequence.Part;
import dev.showo2.sequence.Segment;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A question on given latents of one image: the sequence, its embeddings, the answer. */
final class GivenLatentsUnderstandingRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("understanding")
        && golden.announces("prefix_ids")
        && !golden.announces("frame_tokens");
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
    LoadedModel model = subject.model();
    Backend backend = subject.backend();
    HostTensor latents = golden.floats("latents");
    Shape shape = latents.shape();
    try (Tensor uploaded =
            backend.upload(
                latents.reshape(1, shape.dimension(1), 1, shape.dimension(2), shape.dimension(3)));
        Tensor image = backend.fusion().fuse(FusionRequest.of(uploaded));
        KvCache cache = backend.backbone().newCache(1)) {
      List<Segment> segments =
          model
              .layout()
              .imageUnderstanding(
                  Math.toIntExact(image.shape().dimension(1)),
                  model.tokenizer().encode(golden.settings().string("question")));
      compareIds(golden, segments, checks);
      compareSpan(golden, segments, checks);
      SegmentRunner runner = new SegmentRunner(backend, 1);
      compareEmbeddings(golden, runner, segments, image, checks);
      Tensor hidden = runner.appendAll(cache, segments, List.of(image));
      try (Tensor logits = backend.languageHead().logits(LanguageHeadRequest.last(hidden))) {
        HostTensor expected = golden.floats("first_logits");
        checks.stage("first_logits", logits.toHost().reshape(expected.shape().toArray()), expected);
      }
      TextRunner.compareGreedy(golden, model, cache, hidden, checks);
    }
  }

  /** Text before the image is the prefix, boi included with what follows it the suffix. */
  private static void compareIds(GoldenCase golden, List<Segment> segments, Checks checks) {
    int[] ids =
        segments.stream()
            .flatMap(segment -> segment.parts().stream())
            .filter(Part.Text.class::isInstance)
            .flatMapToInt(part -> IntStream.of(((Part.Text) part).ids()))
            .toArray();
    int prefix = golden.integers("prefix_ids").length;
    compareIds(golden, "prefix_ids", Arrays.copyOf(ids, Math.min(prefix, ids.length)), checks);
    compareIds(
        golden,
        "suffix_ids",
        Arrays.copyOfRange(ids, Math.min(prefix, ids.length), ids.length),
        checks);
  }

  private static void compareIds(GoldenCase golden, String name, int[] ids, Checks checks) {
    checks.add(
        Comparison.of(
            name,
            Values.of(Arrays.stream(ids).asLongStream().toArray()),
            Values.of(golden.integers(name)),
            Tolerance.EXACT));
  }

  private static void compareSpan(GoldenCase golden, List<Segment> segments, Checks checks) {
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

  private static void compareEmbeddings(
      GoldenCase golden,
      SegmentRunner runner,
      List<Segment> segments,
      Tensor image,
      Checks checks) {
    List<HostTensor> parts = new ArrayList<>();
    for (Segment segment : segments) {
      parts.addAll(runner.embeddings(segment, List.of(image)));
    }
    checks.stage("embeddings", HostTensors.join(parts, 1), golden.floats("embeddings"));
  }
}
