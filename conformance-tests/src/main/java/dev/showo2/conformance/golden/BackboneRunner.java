package dev.showo2.conformance.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.BackbonePass;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Embeddings to hidden states, segment by segment. Rows whose spans differ cannot share a batch in
 * the SPI, so each row has a run of its own; rows that agree are run as one batch as well.
 */
final class BackboneRunner implements CaseRunner {

  private static final int BATCH = 0;

  @Override
  public boolean handles(GoldenCase golden) {
    return golden.stage().equals("backbone");
  }

  @Override
  public Rule rule(GoldenCase golden) {
    return spans(golden).stream().allMatch(List::isEmpty) ? Rule.B01 : Rule.B04;
  }

  @Override
  public Set<Stage> needs(GoldenCase golden) {
    return Set.of(Stage.BACKBONE);
  }

  @Override
  public void run(GoldenCase golden, LoadedBackend subject, Checks checks) {
    Backend backend = subject.backend();
    HostTensor embeddings = golden.floats("embeddings");
    List<List<Span>> spans = spans(golden);
    boolean languageHead = backend.capabilities().supports(Stage.LANGUAGE_HEAD);
    boolean withLogits = languageHead && golden.announces("logits");
    if (!languageHead) {
      checks.note("logits not compared: the backend lacks " + Stage.LANGUAGE_HEAD.id());
    }
    List<BackbonePass> rows = new ArrayList<>();
    for (int row = 0; row < spans.size(); row++) {
      HostTensor one = HostTensors.slice(embeddings, BATCH, row, 1);
      rows.add(BackbonePass.of(backend, one, spans.get(row), withLogits));
    }
    boolean withSpans = spans.stream().anyMatch(row -> !row.isEmpty());
    compare("", BackbonePass.join(rows), withSpans, golden, checks);
    if (rows.size() > 1 && new HashSet<>(spans).size() == 1) {
      BackbonePass batch = BackbonePass.of(backend, embeddings, spans.get(0), withLogits);
      compare(" as one batch", batch, withSpans, golden, checks);
    }
  }

  private static List<List<Span>> spans(GoldenCase golden) {
    return golden.spans((int) golden.shape("embeddings", 3).dimension(BATCH));
  }

  private static void compare(
      String how, BackbonePass pass, boolean withSpans, GoldenCase golden, Checks checks) {
    HostTensor hidden = golden.floats("hidden");
    checks.stage("hidden" + how, pass.hidden(), hidden);
    if (withSpans) {
      checks.stage("hidden" + how + " by evaluate", pass.evaluated(), hidden);
    }
    if (pass.logits().isPresent()) {
      checks.stage("logits" + how, pass.logits().get(), golden.floats("logits"));
    }
  }
}
