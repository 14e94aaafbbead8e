package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.golden.pass.GreedyText;
import dev.showo2.conformance.internal.golden.pass.Question;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.model.SpecialTokens;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Cases of text: answers on given latents, and what a text or an image is continued with. */
final class UnderstandingRecipes {

  static final List<CaseRecipe> ALL =
      List.of(
          CaseRecipe.of(
              "understand_image",
              "understanding",
              UnderstandingRecipes::image,
              Stage.TEXT_EMBEDDING,
              Stage.TIME_EMBEDDING,
              Stage.FUSION,
              Stage.BACKBONE,
              Stage.LANGUAGE_HEAD),
          CaseRecipe.of(
              "understand_video",
              "understanding",
              UnderstandingRecipes::video,
              Stage.TEXT_EMBEDDING,
              Stage.TIME_EMBEDDING,
              Stage.FUSION,
              Stage.FUSION_RESIZE,
              Stage.BACKBONE,
              Stage.LANGUAGE_HEAD),
          CaseRecipe.of(
              "text_generation",
              "text",
              UnderstandingRecipes::text,
              Stage.TEXT_EMBEDDING,
              Stage.BACKBONE,
              Stage.LANGUAGE_HEAD),
          CaseRecipe.of(
              "mixed_text_after_image",
              "mixed",
              UnderstandingRecipes::afterImage,
              Stage.TEXT_EMBEDDING,
              Stage.TIME_EMBEDDING,
              Stage.FUSION,
              Stage.BACKBONE,
              Stage.LANGUAGE_HEAD));

  /** Few, since a token in which two engines differ changes all that follow. */
  private static final int TEXT_LENGTH = 8;

  private static final int VIDEO_FRAMES = 3;

  private UnderstandingRecipes() {}

  private static void image(Scene scene, CaseDraft draft) {
    HostTensor latents = images(scene, 1);
    try (Question question = Question.onImage(scene.model(), latents, Prompts.IMAGE_QUESTION)) {
      ask(scene, draft, question, latents, Prompts.IMAGE_QUESTION);
    }
  }

  private static void video(Scene scene, CaseDraft draft) {
    HostTensor latents = images(scene, VIDEO_FRAMES);
    try (Question question = Question.onVideo(scene.model(), latents, Prompts.VIDEO_QUESTION)) {
      ask(scene, draft, question, latents, Prompts.VIDEO_QUESTION);
      draft.floats("frame_tokens", question.frameTokens());
    }
  }

  /** Latents [F, C, h, w] of single images. */
  private static HostTensor images(Scene scene, int count) {
    List<HostTensor> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(HostTensors.withoutFrameAxis(scene.latents(scene.architecture().imageGrid(), 1)));
    }
    return HostTensors.join(images, 0);
  }

  private static void ask(
      Scene scene, CaseDraft draft, Question question, HostTensor latents, String text) {
    int[] ids = question.textIds();
    int prefix = scene.model().layout().opening().length;
    Question.Answer answer = question.ask(TEXT_LENGTH);
    HostTensor logits = answer.firstLogits();
    draft.settings().addProperty("question", text);
    draft.spans(List.of(question.spans()));
    draft.ids("prefix_ids", 1, Arrays.copyOf(ids, prefix));
    draft.ids("suffix_ids", 1, Arrays.copyOfRange(ids, prefix, ids.length));
    draft.floats("latents", latents);
    draft.floats("embeddings", question.embeddings());
    draft.floats("first_logits", logits.reshape(1, logits.values().length));
    text(draft, answer.text());
  }

  private static void text(Scene scene, CaseDraft draft) {
    int[] prompt = scene.model().tokenizer().encode(Prompts.IMAGE);
    TokenRows rows = new TokenRows(scene.specialTokens());
    rows.row().text(scene.specialTokens().bos()).text(prompt);
    int[] ids = rows.ids();
    draft.ids("input_ids", 1, ids);
    text(draft, GreedyText.afterText(scene.model(), ids, TEXT_LENGTH));
  }

  private static void afterImage(Scene scene, CaseDraft draft) {
    SpecialTokens tokens = scene.specialTokens();
    TokenRows rows = new TokenRows(tokens);
    rows.row()
        .text(tokens.bos())
        .text(scene.model().tokenizer().encode(Prompts.IMAGE))
        .text(tokens.boi())
        .visual(tokens.imagePad(), scene.architecture().imageGrid().tokens())
        .text(tokens.eoi());
    Span span = rows.spans().get(0).get(0);
    HostTensor latents = scene.latents(scene.architecture().imageGrid(), 1);
    float time = SequenceLayout.TIME_BEFORE_TEXT;
    draft.spans(rows.spans());
    draft.ids("input_ids", 1, rows.ids());
    draft.floats("latents", HostTensors.withoutFrameAxis(latents));
    draft.floats("t", new HostTensor(Shape.of(1), new float[] {time}));
    text(draft, GreedyText.afterImage(scene.model(), rows.ids(), span, latents, time, TEXT_LENGTH));
  }

  private static void text(CaseDraft draft, GeneratedText text) {
    draft.ids("output_ids", 1, text.ids());
    draft.settings().addProperty("text", text.text());
  }
}
