package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.BackbonePass;
import dev.showo2.conformance.internal.golden.pass.FlowHeadPass;
import dev.showo2.conformance.internal.golden.pass.LanguagePass;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.stage.FusionRequest;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Cases of single stages of the transformer, on noise. */
final class TransformerRecipes {

  static final List<CaseRecipe> ALL =
      List.of(
          CaseRecipe.of("fusion_image", "fusion", TransformerRecipes::image, Stage.FUSION),
          CaseRecipe.of("fusion_video", "fusion", TransformerRecipes::video, Stage.FUSION),
          CaseRecipe.of(
              "time_embedding", "time_embedding", TransformerRecipes::times, Stage.TIME_EMBEDDING),
          backbone("backbone_causal", new int[][] {{}}),
          backbone("backbone_one_span", new int[][] {{7}}),
          backbone("backbone_two_spans", new int[][] {{5, 3}}),
          backbone("backbone_batch", new int[][] {{6}, {6}}),
          backbone("backbone_batch_ragged", new int[][] {{9}, {2}}),
          CaseRecipe.of(
              "text_embedding_and_logits",
              "language_head",
              TransformerRecipes::language,
              Stage.TEXT_EMBEDDING,
              Stage.BACKBONE,
              Stage.LANGUAGE_HEAD),
          flowHead("flow_head_one_span", new int[][] {{7}}),
          flowHead("flow_head_two_spans", new int[][] {{5, 3}}),
          flowHead("flow_head_batch_ragged", new int[][] {{9}, {2}}));

  /** Text of each row besides its spans. */
  private static final int TEXT_LENGTH = 13;

  private TransformerRecipes() {}

  private static void image(Scene scene, CaseDraft draft) {
    HostTensor latents = scene.latents(scene.architecture().imageGrid(), 1);
    fuse(scene, draft, latents);
    draft.floats("latents", HostTensors.withoutFrameAxis(latents));
  }

  private static void video(Scene scene, CaseDraft draft) {
    HostTensor latents = scene.latents(scene.architecture().videoGrid(), 2);
    fuse(scene, draft, latents);
    draft.floats("latents", latents);
  }

  private static void fuse(Scene scene, CaseDraft draft, HostTensor latents) {
    try (Tensor input = scene.backend().upload(latents);
        Tensor fused = scene.backend().fusion().fuse(FusionRequest.of(input))) {
      draft.floats("fused", fused.toHost());
    }
  }

  private static void times(Scene scene, CaseDraft draft) {
    float[] times = {0, scene.time(), scene.time(), 1};
    HostTensor t = new HostTensor(Shape.of(times.length), times);
    try (TimeFeatures features =
        scene.backend().timeEmbedding().embed(TimeEmbeddingRequest.of(times))) {
      draft.floats("t", t);
      draft.floats("head", features.vector().toHost());
      HostTensor token = features.token().toHost();
      draft.floats("token", token.reshape(times.length, token.shape().dimension(2)));
    }
  }

  /**
   * @param texts how much text precedes each span, for each row
   */
  private static CaseRecipe backbone(String name, int[][] texts) {
    return CaseRecipe.of(
        name,
        "backbone",
        (scene, draft) -> backbone(scene, draft, spans(scene, texts)),
        Stage.BACKBONE);
  }

  private static void backbone(Scene scene, CaseDraft draft, List<List<Span>> spans) {
    HostTensor embeddings = hidden(scene, spans);
    List<BackbonePass> rows = new ArrayList<>();
    for (int row = 0; row < spans.size(); row++) {
      HostTensor one = HostTensors.slice(embeddings, 0, row, 1);
      // Logits, which are long, have a case of their own.
      rows.add(BackbonePass.of(scene.backend(), one, spans.get(row), false));
    }
    draft.spans(spans);
    draft.floats("embeddings", embeddings);
    draft.floats("hidden", BackbonePass.join(rows).hidden());
  }

  private static void language(Scene scene, CaseDraft draft) {
    int[] ids = scene.ids(TEXT_LENGTH);
    LanguagePass pass = LanguagePass.of(scene.backend(), new int[][] {ids});
    draft.ids("ids", 1, ids);
    draft.floats("embeddings", pass.embeddings());
    draft.floats("logits", pass.logits());
  }

  private static CaseRecipe flowHead(String name, int[][] texts) {
    return CaseRecipe.of(
        name,
        "flow_head",
        (scene, draft) -> flowHead(scene, draft, spans(scene, texts)),
        Stage.FLOW_HEAD,
        Stage.TIME_EMBEDDING);
  }

  private static void flowHead(Scene scene, CaseDraft draft, List<List<Span>> spans) {
    HostTensor hidden = hidden(scene, spans);
    float[] times = new float[spans.stream().mapToInt(List::size).sum()];
    for (int i = 0; i < times.length; i++) {
      times[i] = scene.time();
    }
    draft.spans(spans);
    draft.floats("hidden", hidden);
    draft.floats("t", new HostTensor(Shape.of(times.length), times));
    draft.floats(
        "token_velocity", FlowHeadPass.tokenVelocities(scene.backend(), hidden, spans, times));
  }

  private static List<List<Span>> spans(Scene scene, int[][] texts) {
    TokenGrid grid = scene.smallGrid();
    List<List<Span>> rows = new ArrayList<>();
    for (int[] row : texts) {
      List<Span> spans = new ArrayList<>();
      int position = 0;
      for (int text : row) {
        Span span = new Span(position + text, 1 + grid.tokens());
        spans.add(span);
        position = span.end();
      }
      rows.add(spans);
    }
    return rows;
  }

  /** Noise for all positions; all rows have as many spans. */
  private static HostTensor hidden(Scene scene, List<List<Span>> spans) {
    int length = TEXT_LENGTH + spans.get(0).stream().mapToInt(Span::length).sum();
    return scene.noise(spans.size(), length, scene.architecture().backbone().hiddenSize());
  }
}
