package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.golden.pass.GreedyText;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.stage.Stage;
import java.util.Arrays;
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
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    compare(golden, GreedyText.afterText(subject.model(), ids(golden), length(golden)), checks);
  }

  static int[] ids(GoldenCase golden) {
    return Arrays.stream(golden.integers("input_ids")).mapToInt(Math::toIntExact).toArray();
  }

  /** A text is continued as far as its golden goes. */
  static int length(GoldenCase golden) {
    return golden.integers("output_ids").length;
  }

  /** Holds ids and text against their goldens. */
  static void compare(GoldenCase golden, GeneratedText text, Checks checks) {
    compareIds(golden, text, checks);
    String expected = golden.settings().string("text");
    checks.text("text", text.text(), expected);
  }

  /** The same for a golden that has ids and no text. */
  static void compareIds(GoldenCase golden, GeneratedText text, Checks checks) {
    checks.tokens("output_ids", text.ids(), golden.integers("output_ids"));
  }
}
