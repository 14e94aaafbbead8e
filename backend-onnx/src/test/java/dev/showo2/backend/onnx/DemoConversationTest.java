package dev.showo2.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.backend.onnx.ExportedModels.Models;
import dev.showo2.demo.world.EvalPrompts;
import dev.showo2.demo.world.EvalPrompts.ImageQuestion;
import dev.showo2.demo.world.SmallTalk;
import dev.showo2.demo.world.VideoQuestions;
import dev.showo2.demo.world.VideoQuestions.VideoQuestion;
import dev.showo2.demo.world.WorldQuestion;
import dev.showo2.error.CancelledException;
import dev.showo2.pipeline.Chat;
import dev.showo2.pipeline.Conversation;
import dev.showo2.pipeline.ConversationOptions;
import dev.showo2.pipeline.GeneratedText;
import dev.showo2.pipeline.GeneratedToken;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.ImageUnderstanding;
import dev.showo2.pipeline.ImageUnderstandingRequest;
import dev.showo2.pipeline.TextOptions;
import dev.showo2.pipeline.VideoUnderstanding;
import dev.showo2.pipeline.internal.LoadedModel;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.extension.ExtendWith;

/** Talks with the demo model, which was trained on single questions only. */
@ExtendWith(ExportedModels.class)
class DemoConversationTest {

  @Test
  void chatsAsItWasTrained(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      Chat chat = new Chat(open.model());
      for (WorldQuestion phrase : SmallTalk.PHRASES) {
        GeneratedText said = chat.ask(phrase.text());
        assertEquals(phrase.answer(), said.text(), phrase.text());
        assertEquals(GeneratedText.Finish.STOP_TOKEN, said.finish());
      }
    }
  }

  @Test
  void aSecondQuestionOnAImageEncodesNothing(Models models, TestReporter reporter) {
    int asked = 0;
    int exact = 0;
    int named = 0;
    StringBuilder said = new StringBuilder();
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      CountingBackend counting = new CountingBackend(open.backend());
      ImageUnderstanding understanding = new ImageUnderstanding(model(open, counting));
      List<ImageQuestion> images =
          EvalPrompts.load().questions().stream()
              .filter(question -> question.question().startsWith("What"))
              .toList();
      for (ImageQuestion each : images) {
        BufferedImage image = EvalPrompts.image(each.image());
        String color = each.shown().color().name().toLowerCase(Locale.ROOT);
        try (Conversation conversation = understanding.open(List.of(image))) {
          String first = conversation.ask("What is in the image?").text();
          assertEquals(understanding.ask(image, "What is in the image?").text(), first);
          int encoded = counting.count("vaeEncoder");
          int fused = counting.count("fusion");
          String second = conversation.ask("What color is the shape?").text();
          assertEquals(encoded, counting.count("vaeEncoder"));
          assertEquals(fused, counting.count("fusion"));
          assertFalse(second.isBlank());
          said.append(first).append(' ').append(second).append('\n');
          asked++;
          exact += second.toLowerCase(Locale.ROOT).equals(color + ".") ? 1 : 0;
          named += second.toLowerCase(Locale.ROOT).startsWith(color) ? 1 : 0;
        }
      }
    }
    reporter.publishEntry("second answers", exact + " exact of " + asked + "\n" + said);
    assertTrue(asked > 10, asked + " asked");
    assertEquals(asked, named, said::toString);
    assertTrue(exact >= 0.8 * asked, exact + " exact of " + asked + "\n" + said);
  }

  @Test
  void aSecondQuestionOnAVideoEncodesNothing(Models models, TestReporter reporter) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      CountingBackend counting = new CountingBackend(open.backend());
      VideoUnderstanding understanding = new VideoUnderstanding(model(open, counting));
      VideoQuestion clip = VideoQuestions.questions(1, 1).get(0);
      try (Conversation conversation =
          understanding.open(clip.frames(), 8, ConversationOptions.DEFAULTS)) {
        assertEquals(clip.answer(), conversation.ask(clip.question()).text());
        assertEquals(8, counting.count("vaeEncoder"));
        assertEquals(8, counting.count("fusion"));
        String second = conversation.ask("What color is the shape?").text();
        reporter.publishEntry("on a video", clip.answer() + " " + second);
        assertEquals(8, counting.count("vaeEncoder"));
        assertEquals(8, counting.count("fusion"));
        assertTrue(
            clip.answer().contains(second.replace(".", "").toLowerCase(Locale.ROOT)), second);
      }
    }
  }

  /** What was cancelled leaves no trace: the next answer is what it would have been without. */
  @Test
  void anAnswerAfterACancelledOneIsAsIfNothingHadBeen(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      ImageUnderstanding understanding = new ImageUnderstanding(open.model());
      BufferedImage image = EvalPrompts.image("samples/und/01.png");
      try (Conversation disturbed = understanding.open(List.of(image));
          Conversation quiet = understanding.open(List.of(image))) {
        for (String question : List.of("What is in the image?", "What color is the shape?")) {
          for (int token = 0; token < 3; token++) {
            GenerationListener cancelling = cancelledAt(token);
            assertThrows(
                CancelledException.class,
                () -> disturbed.ask("Describe it.", TextOptions.DEFAULTS, cancelling));
          }
          assertEquals(quiet.ask(question), disturbed.ask(question));
        }
      }
    }
  }

  private static GenerationListener cancelledAt(int token) {
    return new GenerationListener() {
      @Override
      public void token(GeneratedToken each) {
        if (each.index() == token) {
          throw new CancelledException("enough");
        }
      }
    };
  }

  @Test
  void aStopSequenceCutsTheAnswerAndTheConversationGoesOn(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("demo"))) {
      StringBuilder shown = new StringBuilder();
      GenerationListener showing =
          new GenerationListener() {
            @Override
            public void token(GeneratedToken token) {
              shown.append(token.text());
            }
          };
      TextOptions options = TextOptions.builder().stopSequences("shapes and", "做小").build();
      try (Conversation conversation = new Chat(open.model()).open()) {
        GeneratedText answer = conversation.ask("Hello!", options, showing);
        assertEquals("Hello! I can draw coloured ", answer.text());
        assertEquals(GeneratedText.Finish.STOP_SEQUENCE, answer.finish());
        assertEquals(answer.text(), shown.toString());
        assertFalse(conversation.ask("Thanks!").text().isEmpty());
      }
      GeneratedText chinese =
          new Chat(open.model()).ask("你会做什么?", options, GenerationListener.NONE);
      assertEquals("我会画形状、", chinese.text());
    }
  }

  @Test
  void theRepetitionPenaltyKeepsAnUntrainedModelFromRepeating(Models models) {
    try (OpenBackend open = OpenBackend.open(models.bundle("tiny-a"))) {
      ImageUnderstanding understanding = new ImageUnderstanding(open.model());
      assertTrue(distinct(understanding, 1) < distinct(understanding, 5));
      assertEquals(24, distinct(understanding, 10));
    }
  }

  /** How many of 24 tokens are different ones. */
  private static long distinct(ImageUnderstanding understanding, float penalty) {
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(
                new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), "What is in the image?")
            .maxTokens(24)
            .repetitionPenalty(penalty)
            .build();
    return Arrays.stream(understanding.ask(request, GenerationListener.NONE).ids())
        .distinct()
        .count();
  }

  private static LoadedModel model(OpenBackend open, CountingBackend counting) {
    return new LoadedModel(
        open.bundle(), OnnxBackendProvider.ID, counting.backend(), open.tokenizer());
  }
}
