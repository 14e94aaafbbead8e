package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.golden.pass.GreedyText;
import dev.showo2.conformance.internal.golden.pass.LoadedBackend;
import dev.showo2.conformance.internal.golden.pass.Question;
import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.media.ImageDecoder;
import dev.showo2.media.internal.ImagePreprocessor;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Runners of the cases that end in text: continuations, and answers on images and videos. */
final class UnderstandingRunners {

  private UnderstandingRunners() {}

  /** A text that is continued greedily. */
  static final class TextRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("text");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P08;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return TEXT;
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      compare(golden, GreedyText.afterText(subject.model(), ids(golden), length(golden)), checks);
    }

    static int[] ids(RecordedCase golden) {
      return Arrays.stream(golden.integers("input_ids")).mapToInt(Math::toIntExact).toArray();
    }

    /** A text is continued as far as its golden goes. */
    static int length(RecordedCase golden) {
      return golden.integers("output_ids").length;
    }

    /** Compares ids and text with their goldens. */
    static void compare(RecordedCase golden, GeneratedText text, Checks checks) {
      compareIds(golden, text, checks);
      String expected = golden.settings().string("text");
      checks.compareText("text", text.text(), expected);
    }

    /** The same for a golden that has ids and no text. */
    static void compareIds(RecordedCase golden, GeneratedText text, Checks checks) {
      checks.compareTokens("output_ids", text.ids(), golden.integers("output_ids"));
    }
  }

  /** A question on an image file, from pixels to answer, with latents sampled by a seed. */
  static final class ImageUnderstandingRunner implements CaseRunner {

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("understanding")
          && golden.announces("pixels")
          && golden.settings().has("image");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return Rule.P06;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
      return Set.of(
          Stage.TEXT_EMBEDDING,
          Stage.TIME_EMBEDDING,
          Stage.VAE_IMAGE_ENCODER,
          Stage.FUSION,
          Stage.BACKBONE,
          Stage.LANGUAGE_HEAD);
    }

    @Override
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      BufferedImage image = ImageDecoder.read(golden.file("image"));
      HostTensor expected = golden.floats("pixels");
      int height = (int) expected.shape().dimension(2);
      int width = (int) expected.shape().dimension(3);
      HostTensor pixels =
          ImagePreprocessor.centerCrop(image, height, width).reshape(1, 3, height, width);
      checks.compare("pixels", pixels, expected, Within.PREPROCESSED);

      ImageUnderstanding understanding = new ImageUnderstanding(subject.model());
      ImageUnderstandingRequest request =
          ImageUnderstandingRequest.builder(image, golden.settings().string("question"))
              .seed(golden.settings().longInteger("seed", 0, 0xffff_ffffL))
              .build();
      HostTensor latents = golden.floats("latents");
      checks.compare(
          "latents",
          understanding.latents(request).get(0).reshape(latents.shape().toArray()),
          latents,
          Within.STAGE);
      TextRunner.compare(golden, understanding.ask(request, GenerationListener.NONE), checks);
    }
  }

  /**
   * A question on given latents of one image or of the frames of a video: the sequence, its
   * embeddings, the answer.
   */
  static final class GivenLatentsUnderstandingRunner implements CaseRunner {

    private static final String FRAME_TOKENS = "frame_tokens";

    @Override
    public boolean handles(RecordedCase golden) {
      return golden.stage().equals("understanding") && golden.announces("prefix_ids");
    }

    @Override
    public Rule rule(RecordedCase golden) {
      return golden.announces(FRAME_TOKENS) ? Rule.P07 : Rule.P06;
    }

    @Override
    public Set<Stage> needs(RecordedCase golden) {
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
    public void run(RecordedCase golden, LoadedBackend subject, Checks checks) {
      LoadedModel model = subject.model();
      HostTensor latents = golden.floats("latents");
      String text = golden.settings().string("question");
      if (golden.announces(FRAME_TOKENS)) {
        HostTensor expected = golden.floats(FRAME_TOKENS);
        try (Question question = Question.onVideo(model, latents, text)) {
          checks.compare(FRAME_TOKENS, question.frameTokens(), expected, Within.STAGE);
          checks.compare(
              FRAME_TOKENS + " at once",
              Question.fusedTogether(model, latents),
              expected,
              Within.STAGE);
          ask(golden, question, checks);
        }
      } else {
        try (Question question = Question.onImage(model, latents, text)) {
          ask(golden, question, checks);
        }
      }
    }

    private static void ask(RecordedCase golden, Question question, Checks checks) {
      ids(golden, question.textIds(), checks);
      Span expected = golden.spans(1).get(0).get(0);
      for (Span span : question.spans()) {
        checks.compare("span offset", span.offset(), expected.offset());
        checks.compare("span length", span.length(), expected.length());
      }
      checks.compare(
          "embeddings", question.embeddings(), golden.floats("embeddings"), Within.STAGE);
      Question.Answer answer = question.ask(TextRunner.length(golden));
      HostTensor logits = golden.floats("first_logits");
      checks.compare(
          "first_logits",
          answer.firstLogits().reshape(logits.shape().toArray()),
          logits,
          Within.STAGE);
      TextRunner.compare(golden, answer.text(), checks);
    }

    /** Text before the image is the prefix, boi included with what follows it the suffix. */
    private static void ids(RecordedCase golden, int[] ids, Checks checks) {
      int prefix = Math.min(golden.integers("prefix_ids").length, ids.length);
      ids(golden, "prefix_ids", Arrays.copyOf(ids, prefix), checks);
      ids(golden, "suffix_ids", Arrays.copyOfRange(ids, prefix, ids.length), checks);
    }

    private static void ids(RecordedCase golden, String name, int[] ids, Checks checks) {
      checks.compare(name, ids, golden.integers(name));
    }
  }
}
