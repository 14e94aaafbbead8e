package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Question;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * A question on given latents of one image or of the frames of a video: the sequence, its
 * embeddings, the answer.
 */
final class GivenLatentsUnderstandingRunner implements CaseRunner {

  private static final String FRAME_TOKENS = "frame_tokens";

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("understanding") && golden.announces("prefix_ids");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return golden.announces(FRAME_TOKENS) ? Rule.P07 : Rule.P06;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    Set<Stage> stages =
        EnumSet.of(
            Stage.TEXT_EMBEDDING,
            Stage.TIME_EMBEDDING,
            Stage.FUSION,
            Stage.BACKBONE,
            Stage.LANGUAGE_HEAD);
    if (golden.announces(FRAME_TOKENS)) {
      stages.add(Stage.FUSION_RESIZE);
    }
    return stages;
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    LoadedModel model = subject.model();
    HostTensor latents = golden.floats("latents");
    String text = golden.settings().string("question");
    if (golden.announces(FRAME_TOKENS)) {
      HostTensor expected = golden.floats(FRAME_TOKENS);
      try (Question question = Question.onVideo(model, latents, text)) {
        checks.stage(FRAME_TOKENS, question.frameTokens(), expected);
        checks.stage(FRAME_TOKENS + " at once", Question.fusedTogether(model, latents), expected);
        ask(golden, question, checks);
      }
    } else {
      try (Question question = Question.onImage(model, latents, text)) {
        ask(golden, question, checks);
      }
    }
  }

  private static void ask(GoldenCase golden, Question question, Checks checks) {
    ids(golden, question.textIds(), checks);
    Span expected = golden.spans(1).get(0).get(0);
    for (Span span : question.spans()) {
      checks.exact("span offset", span.offset(), expected.offset());
      checks.exact("span length", span.length(), expected.length());
    }
    checks.stage("embeddings", question.embeddings(), golden.floats("embeddings"));
    Question.Answer answer = question.ask(TextRunner.length(golden));
    HostTensor logits = golden.floats("first_logits");
    checks.stage("first_logits", answer.firstLogits().reshape(logits.shape().toArray()), logits);
    TextRunner.compare(golden, answer.text(), checks);
  }

  /** Text before the image is the prefix, boi included with what follows it the suffix. */
  private static void ids(GoldenCase golden, int[] ids, Checks checks) {
    int prefix = Math.min(golden.integers("prefix_ids").length, ids.length);
    ids(golden, "prefix_ids", Arrays.copyOf(ids, prefix), checks);
    ids(golden, "suffix_ids", Arrays.copyOfRange(ids, prefix, ids.length), checks);
  }

  private static void ids(GoldenCase golden, String name, int[] ids, Checks checks) {
    checks.exact(name, ids, golden.integers(name));
  }
}
