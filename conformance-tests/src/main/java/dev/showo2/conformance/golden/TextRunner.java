package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.LoadedModel;
import dev.showo2.pipeline.SegmentRunner;
import dev.showo2.pipeline.TextGenerator;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.sequence.Part;
import dev.showo2.sequence.Segment;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A text that is continued greedily. */
final class TextRunner implements CaseRunner {

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("text");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.P08;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.TEXT_EMBEDDING, Stage.BACKBONE, Stage.LANGUAGE_HEAD);
  }

  @Override
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    int[] ids = Arrays.stream(golden.integers("input_ids")).mapToInt(Math::toIntExact).toArray();
    try (KvCache cache = subject.backend().backbone().newCache(1)) {
      Tensor hidden =
          new SegmentRunner(subject.backend(), 1).append(cache, segmentOf(ids), List.of());
      compareGreedy(golden, subject.model(), cache, hidden, checks);
    }
  }

  private static Segment segmentOf(int... ids) {
    return Segment.causal(new Part.Text(ids));
  }

  /** Continues a sequence as far as the golden goes, and compares ids and text. */
  static void compareGreedy(
      GoldenCase golden, LoadedModel model, KvCache cache, Tensor hidden, Checks checks) {
    compare(golden, greedy(golden, model, cache, hidden), checks);
  }

  /** The same for a golden that has ids and no text. */
  static void compareGreedyIds(
      GoldenCase golden, LoadedModel model, KvCache cache, Tensor hidden, Checks checks) {
    compareIds(golden, greedy(golden, model, cache, hidden), checks);
  }

  private static GeneratedText greedy(
      GoldenCase golden, LoadedModel model, KvCache cache, Tensor hidden) {
    int length = golden.integers("output_ids").length;
    return new TextGenerator(
            model,
            TextOptions.builder().maxTokens(length).build(),
            Set.of(model.bundle().manifest().specialTokens().eos()))
        .generate(cache, hidden, new int[0], new TorchRandom(0), GenerationListener.NONE);
  }

  static void compare(GoldenCase golden, GeneratedText text, Checks checks) {
    compareIds(golden, text, checks);
    String expected = golden.settings().string("text");
    checks.text("text", text.text(), expected);
  }

  private static void compareIds(GoldenCase golden, GeneratedText text, Checks checks) {
    checks.tokens("output_ids", text.ids(), golden.integers("output_ids"));
  }
}
