package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GreedyText;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.stage.Stage;
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
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    float time = golden.floats("t").values()[0];
    checks.exact(
        "time of a finished image", Math.round(time), Math.round(SequenceLayout.TIME_BEFORE_TEXT));
    GeneratedText text =
        GreedyText.afterImage(
            subject.model(),
            TextRunner.ids(golden),
            golden.spans(1).get(0).get(0),
            HostTensors.withFrameAxis(golden.floats("latents")),
            time,
            TextRunner.length(golden));
    TextRunner.compareIds(golden, text, checks);
  }
}
