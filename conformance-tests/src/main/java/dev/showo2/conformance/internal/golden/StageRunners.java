package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.BackbonePass;
import dev.showo2.conformance.internal.golden.pass.FlowHeadPass;
import dev.showo2.conformance.internal.golden.pass.LanguagePass;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Runners of the cases of single stages beside the VAE: fusion, time embedding, backbone, language
 * head and flow head.
 */
final class StageRunners {

  private StageRunners() {}

  /** Latents of images or videos to image tokens. */
  static final class FusionRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("fusion");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return golden.rank("latents") == 4 ? Rule.F01 : Rule.F02;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(Stage.FUSION);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      Backend backend = subject.backend();
      try (Tensor latents = backend.upload(HostTensors.withFrameAxis(golden.floats("latents")));
          Tensor fused = backend.fusion().fuse(FusionRequest.of(latents))) {
        checks.compare("fused", fused, golden.floats("fused"), Within.STAGE);
      }
    }
  }

  /** Flow times to time vectors and time tokens. */
  static final class TimeEmbeddingRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("time_embedding");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.H01;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(Stage.TIME_EMBEDDING);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      Backend backend = subject.backend();
      TimeEmbeddingRequest request = TimeEmbeddingRequest.of(golden.floats("t").values());
      HostTensor token = golden.floats("token");
      Shape shape = token.shape();
      try (TimeFeatures features = backend.timeEmbedding().embed(request)) {
        checks.compare("head", features.vector(), golden.floats("head"), Within.STAGE);
        checks.compare(
            "token",
            features.token(),
            token.reshape(shape.dimension(0), 1, shape.dimension(1)),
            Within.STAGE);
      }
    }
  }

  /**
   * Embeddings to hidden states, segment by segment. Rows whose spans differ cannot share a batch
   * in the SPI, so each row has a run of its own; rows that agree are run as one batch as well.
   */
  static final class BackboneRunner implements CaseRunner {

    private static final int BATCH = 0;

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("backbone");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return spans(golden).stream().allMatch(List::isEmpty) ? Rule.B01 : Rule.B04;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(Stage.BACKBONE);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
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

    private static List<List<Span>> spans(RecordedCase golden) {
      return golden.spans((int) golden.shape("embeddings", 3).dimension(BATCH));
    }

    private static void compare(
        String how, BackbonePass pass, boolean withSpans, RecordedCase golden, Checks checks) {
      HostTensor hidden = golden.floats("hidden");
      checks.compare("hidden" + how, pass.hidden(), hidden, Within.STAGE);
      if (withSpans) {
        checks.compare("hidden" + how + " by evaluate", pass.evaluated(), hidden, Within.STAGE);
      }
      if (pass.logits().isPresent()) {
        checks.compare("logits" + how, pass.logits().get(), golden.floats("logits"), Within.STAGE);
      }
    }
  }

  /** Token ids through the whole text path: embeddings, causal hidden states, logits. */
  static final class LanguageHeadRunner implements CaseRunner {

    private static final int SEQUENCE = 1;

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("language_head");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.L02;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return TEXT;
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      int[][] ids = ids(golden);
      HostTensor logits = golden.floats("logits");
      LanguagePass pass = LanguagePass.of(subject.backend(), ids);
      checks.compare("embeddings", pass.embeddings(), golden.floats("embeddings"), Within.STAGE);
      checks.compare("logits", pass.logits(), logits, Within.STAGE);
      checks.compare(
          "logits, last only",
          pass.last(),
          HostTensors.slice(logits, SEQUENCE, ids[0].length - 1, 1),
          Within.STAGE);
    }

    private static int[][] ids(RecordedCase golden) {
      Shape shape = golden.shape("ids", 2);
      long[] values = golden.integers("ids");
      int[][] rows = new int[(int) shape.dimension(0)][(int) shape.dimension(SEQUENCE)];
      for (int i = 0; i < values.length; i++) {
        rows[i / rows[0].length][i % rows[0].length] = Math.toIntExact(values[i]);
      }
      return rows;
    }
  }

  /** Hidden states to velocities. */
  static final class FlowHeadRunner implements CaseRunner {

    private static final int BATCH = 0;

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("flow_head");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return spans(golden).stream().allMatch(row -> row.size() <= 1) ? Rule.H03 : Rule.H04;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(Stage.FLOW_HEAD, Stage.TIME_EMBEDDING);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      List<List<Span>> spans = spans(golden);
      HostTensor velocities =
          FlowHeadPass.tokenVelocities(
              subject.backend(), golden.floats("hidden"), spans, golden.floats("t").values());
      checks.compare("token_velocity", velocities, golden.floats("token_velocity"), Within.STAGE);
    }

    private static List<List<Span>> spans(RecordedCase golden) {
      return golden.spans((int) golden.shape("hidden", 3).dimension(BATCH));
    }
  }
}
