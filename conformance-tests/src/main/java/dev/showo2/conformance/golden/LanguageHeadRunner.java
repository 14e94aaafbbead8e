package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.LanguagePass;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.Set;

/** Token ids through the whole text path: embeddings, causal hidden states, logits. */
final class LanguageHeadRunner implements CaseRunner {

  private static final int SEQUENCE = 1;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("language_head");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return Rule.L02;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.TEXT_EMBEDDING, Stage.BACKBONE, Stage.LANGUAGE_HEAD);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    int[][] ids = ids(golden);
    HostTensor logits = golden.floats("logits");
    LanguagePass pass = LanguagePass.of(subject.backend(), ids);
    checks.stage("embeddings", pass.embeddings(), golden.floats("embeddings"));
    checks.stage("logits", pass.logits(), logits);
    checks.stage(
        "logits, last only",
        pass.last(),
        HostTensors.slice(logits, SEQUENCE, ids[0].length - 1, 1));
  }

  private static int[][] ids(GoldenCase golden) {
    Shape shape = golden.shape("ids", 2);
    long[] values = golden.integers("ids");
    int[][] rows = new int[(int) shape.dimension(0)][(int) shape.dimension(SEQUENCE)];
    for (int i = 0; i < values.length; i++) {
      rows[i / rows[0].length][i % rows[0].length] = Math.toIntExact(values[i]);
    }
    return rows;
  }
}
