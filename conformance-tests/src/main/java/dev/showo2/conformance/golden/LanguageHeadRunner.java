package dev.showo2.conformance.golden;

import dev.showo2.conformance.compare.Checks;
import dev.showo2.conformance.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.LanguageHead;
import dev.showo2.stage.LanguageHeadRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
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
  public void run(GoldenCase golden, Subject subject, Checks checks) {
    Backend backend = subject.backend();
    int[][] ids = ids(golden);
    HostTensor logits = golden.floats("logits");
    LanguageHead head = backend.languageHead();
    try (Tensor embeddings = backend.textEmbedding().embed(new TextEmbeddingRequest(ids));
        KvCache cache = backend.backbone().newCache(ids.length);
        Tensor hidden =
            backend
                .backbone()
                .append(new BackboneRequest(cache, List.of(embeddings), Attention.CAUSAL));
        Tensor all = head.logits(new LanguageHeadRequest(hidden, false));
        Tensor last = head.logits(LanguageHeadRequest.last(hidden))) {
      checks.stage("embeddings", embeddings, golden.floats("embeddings"));
      checks.stage("logits", all, logits);
      checks.stage(
          "logits, last only", last, HostTensors.slice(logits, SEQUENCE, ids[0].length - 1, 1));
    }
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
