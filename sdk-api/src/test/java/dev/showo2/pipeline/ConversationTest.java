package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sequence.internal.SequenceLayout;
import dev.showo2.stage.Stage;
import dev.showo2.testing.CallLog;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ImageArguments become 4 image tokens; 491 is bos, 492 eos, 499 boi, 500 eoi. */
class ConversationTest {

  private static final int EOS = 492;
  private static final int OPENING = 28;
  private static final BufferedImage IMAGE = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);

  @TempDir static Path folder;
  private static PipelineFixture fixture;
  private static SequenceLayout layout;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
    layout = fixture.model(new FakeBackend()).layout();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void aSecondQuestionEncodesNothingAndRunsOnlyWhatIsNew() {
    FakeBackend backend = new FakeBackend().answering(11, 12, EOS, 13, EOS);
    try (Conversation conversation = images(backend, IMAGE)) {
      assertEquals(List.of(), backend.log().calls());
      conversation.ask("x");
      assertEquals(1, backend.log().count("encode"));
      int first = backend.log().calls().size();
      GeneratedText answer = conversation.ask("yz");
      assertArrayEquals(new int[] {13, EOS}, answer.ids());
      List<String> second = callsAfter(backend, first);
      assertEquals(
          0, second.stream().filter(call -> call.matches("(encode|fusion|time).*")).count());
      // Opening and boi, time token, image and eoi, question, answer without eos; then eos and the
      // second question.
      int before = OPENING + 1 + 1 + 5 + 1 + 5 + 2;
      assertEquals(
          List.of(
              "backbone append CAUSAL " + before + "+" + (1 + layout.closing().length - 1 + 2 + 5),
              "backbone append CAUSAL " + (before + layout.closing().length + 7) + "+1"),
          second.stream().filter(call -> call.startsWith("backbone")).toList());
      assertArrayEquals(
          turn(layout.closing(), "yz"), backend.texts().get(backend.texts().size() - 2));
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void anAnswerThatWasCutOffIsEndedByTheNextTurn() {
    FakeBackend backend = new FakeBackend().answering(11, 12, EOS);
    try (Conversation conversation = chat(backend)) {
      ask(conversation, "x", TextOptions.builder().maxTokens(2));
      conversation.ask("y");
      int before = OPENING + 1 + 5 + 1;
      assertEquals(
          "backbone append CAUSAL " + before + "+" + (1 + turn(layout.closing(), "y").length),
          last(backend, "backbone"));
      assertArrayEquals(concat(new int[] {12}, turn(layout.closing(), "y")), lastText(backend));
    }
  }

  @Test
  void whatStandsBehindAStopSequenceIsForgotten() {
    int[] said = fixture.tokenizer().encode("xyz");
    FakeBackend backend = new FakeBackend().answering(said[0], said[1], said[2], EOS);
    try (Conversation conversation = chat(backend)) {
      GeneratedText answer = ask(conversation, "q", TextOptions.builder().stopSequences("yz"));
      assertEquals("x", answer.text());
      conversation.ask("q");
      int before = OPENING + 1 + 5 + 1;
      assertEquals(
          List.of("truncate " + (before + 1) + " to " + before), backend.log().calls("truncate"));
      assertEquals(
          "backbone append CAUSAL " + before + "+" + turn(layout.closing(), "q").length,
          last(backend, "backbone"));
    }
  }

  @Test
  void aStopSequenceThatOneTokenHoldsLeavesNothingOfIt() {
    int triangle = fixture.tokenizer().encode(" triangle")[0];
    FakeBackend backend = new FakeBackend().answering(11, triangle, EOS);
    try (Conversation conversation = chat(backend)) {
      ask(conversation, "q", TextOptions.builder().stopSequences("ian"));
      conversation.ask("q");
      assertEquals(0, backend.log().count("truncate"));
      assertArrayEquals(turn(layout.closing(), "q"), lastText(backend));
    }
  }

  @Test
  void imagesMayComeLater() {
    FakeBackend backend = new FakeBackend().answering(EOS, EOS, EOS);
    try (Conversation conversation = chat(backend)) {
      conversation.ask("x");
      conversation.add(IMAGE);
      conversation.ask("y");
      assertEquals(1, backend.log().count("encode"));
      int before = OPENING + 1 + 5;
      int shown = layout.closing().length + 1 + 1;
      assertEquals(
          List.of(
              "backbone append CAUSAL 0+" + before,
              "backbone append CAUSAL " + before + "+" + shown,
              "backbone append FULL " + (before + shown) + "+5",
              "backbone append CAUSAL " + (before + shown + 5) + "+6"),
          backend.log().calls("backbone append"));
      conversation.ask("z");
      assertEquals(1, backend.log().count("encode"));
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void eachOfSeveralImagesComesWithItsTimeToken() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    try (Conversation conversation = images(backend, IMAGE, IMAGE)) {
      conversation.ask("x");
      assertEquals(2, backend.log().count("encode"));
      assertEquals(2, backend.log().count("fusion"));
      assertEquals(List.of("time 1.0", "time 1.0"), backend.log().calls("time"));
      assertEquals(
          List.of(
              "backbone append CAUSAL 0+" + (OPENING + 2),
              "backbone append FULL " + (OPENING + 2) + "+5",
              "backbone append CAUSAL " + (OPENING + 7) + "+2",
              "backbone append FULL " + (OPENING + 9) + "+5",
              "backbone append CAUSAL " + (OPENING + 14) + "+6"),
          backend.log().calls("backbone append"));
    }
  }

  @Test
  void theConversationGoesOnAfterAnAnswerThatWasCancelled() {
    FakeBackend backend = new FakeBackend().answering(11, EOS, 11, 12, EOS);
    try (Conversation conversation = images(backend, IMAGE)) {
      conversation.ask("x");
      int before = OPENING + 7 + 6 + 1;
      assertFails(
          CancelledException.class,
          () -> conversation.ask("y", TextOptions.DEFAULTS, cancelledAtToken(1)),
          "enough");
      int turn = turn(layout.closing(), "y").length;
      assertEquals(
          List.of("truncate " + (before + turn + 1) + " to " + before),
          backend.log().calls("truncate"));
      conversation.ask("z");
      assertEquals("backbone append CAUSAL " + before + "+" + turn, last(backend, "backbone"));
      assertArrayEquals(turn(layout.closing(), "z"), lastText(backend));
      assertEquals(1, backend.log().count("encode"));
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void aImageIsNotEncodedAgainWhenItsFirstQuestionWasCancelled() {
    FakeBackend backend = new FakeBackend().answering(11, 12, EOS);
    try (Conversation conversation = images(backend, IMAGE)) {
      assertFails(
          CancelledException.class,
          () -> conversation.ask("x", TextOptions.DEFAULTS, cancelledAtToken(1)),
          "enough");
      conversation.ask("y");
      assertEquals(1, backend.log().count("encode"));
      assertEquals(1, backend.log().count("fusion"));
      assertEquals(2, backend.log().count("backbone append CAUSAL 0+"));
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void cancellingBeforeTheFirstStageRunsNothing() {
    FakeBackend backend = new FakeBackend();
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    try (Conversation conversation = images(backend, IMAGE)) {
      assertThrows(
          CancelledException.class,
          () ->
              conversation.ask(
                  "x", TextOptions.DEFAULTS, cancellation.wrap(GenerationListener.NONE)));
      assertEquals(List.of(), backend.log().calls());
    }
  }

  /** Wherever a question fails, asking again goes as if nothing had been. */
  @Test
  void theConversationGoesOnWhateverFailed() {
    FakeBackend whole = answeringTwice();
    try (Conversation conversation = images(whole, IMAGE)) {
      conversation.ask("x");
      conversation.add(IMAGE);
      conversation.ask("y");
    }
    for (int failure = 0; failure < whole.log().calls().size(); failure++) {
      FakeBackend backend = answeringTwice();
      backend.log().failAt(failure);
      try (Conversation conversation = images(backend, IMAGE)) {
        askUntilAnswered(conversation, "x");
        conversation.add(IMAGE);
        askUntilAnswered(conversation, "y");
        assertArrayEquals(whole.texts().get(whole.texts().size() - 1), lastText(backend));
        assertEquals(last(whole, "backbone"), last(backend, "backbone"), "failed at " + failure);
      }
      assertEquals(0, backend.log().stillOpen(), "failed at " + failure);
    }
  }

  /** One answer more than there are questions, for one that fails after it was given. */
  private static FakeBackend answeringTwice() {
    return new FakeBackend().answering(EOS, EOS, EOS);
  }

  private static void askUntilAnswered(Conversation conversation, String question) {
    try {
      conversation.ask(question);
    } catch (BackendException e) {
      conversation.ask(question);
    }
  }

  @Test
  void aCacheThatCannotBeCutIsCutByTheNextQuestion() {
    FakeBackend backend = new FakeBackend().answering(11, EOS);
    try (Conversation conversation = chat(backend)) {
      GenerationListener failing =
          new GenerationListener() {
            @Override
            public void token(GeneratedToken token) {
              backend.log().failAt(backend.log().calls().size());
              throw new CancelledException("enough");
            }
          };
      CancelledException cancelled =
          assertThrows(
              CancelledException.class, () -> conversation.ask("x", TextOptions.DEFAULTS, failing));
      assertEquals(1, cancelled.getSuppressed().length);
      conversation.ask("x");
      assertEquals(
          List.of("backbone append CAUSAL 0+34", "backbone append CAUSAL 0+34"),
          backend.log().calls("backbone append"));
      assertEquals(2, backend.log().count("truncate 34 to 0"));
    }
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        () -> new FakeBackend().answering(11, EOS, 11, 12, EOS),
        model -> {
          try (Conversation conversation =
              new ImageUnderstanding(model).open(List.of(IMAGE, IMAGE))) {
            conversation.ask("x");
            conversation.add(IMAGE);
            conversation.ask("y");
          }
        });
  }

  @Test
  void theListenerIsToldOfEachQuestion() {
    List<String> told = new ArrayList<>();
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public void started(Task task) {
            told.add("started " + task);
          }

          @Override
          public void token(GeneratedToken token) {
            told.add("token " + token.index());
          }

          @Override
          public void finished(Task task, Duration elapsed) {
            told.add("finished " + task);
          }
        };
    FakeBackend backend = new FakeBackend().answering(11, EOS, EOS);
    try (Conversation conversation = chat(backend)) {
      conversation.ask("x", TextOptions.DEFAULTS, listener);
      conversation.ask("y", TextOptions.DEFAULTS, listener);
    }
    assertEquals(
        List.of(
            "started chat",
            "token 0",
            "token 1",
            "finished chat",
            "started chat",
            "token 0",
            "finished chat"),
        told);
  }

  @Test
  void theRepetitionPenaltyCountsAllTurns() {
    FakeBackend backend = new FakeBackend().answering(11, EOS, 11, EOS).alsoLikely(12, 0.6f);
    try (Conversation conversation = chat(backend)) {
      conversation.ask("x");
      assertArrayEquals(
          new int[] {12, EOS},
          ask(conversation, "x", TextOptions.builder().repetitionPenalty(1.9f)).ids());
    }
  }

  @Test
  void refusesToGrowWithoutEnd() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    try (Conversation conversation = images(backend, IMAGE)) {
      assertFails(
          InvalidRequestException.class,
          () -> ask(conversation, "x", TextOptions.builder().maxTokens(32_728)),
          "conversation: up to 32768 positions are taken, found 0 so far, 41 of the question with"
              + " what it shows, and max tokens 32728; show or ask less at once");
      assertFails(
          InvalidRequestException.class,
          () -> ask(conversation, "x", TextOptions.builder().maxTokens(Integer.MAX_VALUE)),
          "max tokens 2147483647");
      assertEquals(List.of(), backend.log().calls());
      ask(conversation, "x", TextOptions.builder().maxTokens(32_727));
      assertFails(
          InvalidRequestException.class,
          () -> ask(conversation, "x", TextOptions.builder().maxTokens(32_727)),
          "found 41 so far");
    }
  }

  @Test
  void isForOneQuestionAtATimeAndUntilItIsClosed() {
    FakeBackend backend = new FakeBackend().answering(11, EOS);
    Conversation conversation = chat(backend);
    GenerationListener asking =
        new GenerationListener() {
          @Override
          public void token(GeneratedToken token) {
            assertFails(IllegalStateException.class, () -> conversation.ask("y"), "in the middle");
            assertFails(
                IllegalStateException.class, () -> conversation.add(IMAGE), "in the middle");
            assertFails(IllegalStateException.class, conversation::close, "in the middle");
          }
        };
    conversation.ask("x", TextOptions.DEFAULTS, asking);
    conversation.close();
    conversation.close();
    assertEquals(0, backend.log().stillOpen());
    assertFails(IllegalStateException.class, () -> conversation.ask("y"), "is closed");
    assertFails(IllegalStateException.class, () -> conversation.add(IMAGE), "is closed");
  }

  @Test
  void refusesWhatCannotBeTalkedAbout() {
    FakeBackend backend = new FakeBackend().without(Stage.VAE_IMAGE_ENCODER);
    LoadedModel model = fixture.model(backend);
    assertFails(
        UnsupportedFeatureException.class,
        () -> new ImageUnderstanding(model).open(List.of(IMAGE)),
        "cannot do image understanding with this bundle: it lacks vae_image_encoder");
    try (Conversation conversation = new Chat(model).open()) {
      assertFails(
          UnsupportedFeatureException.class,
          () -> conversation.add(IMAGE),
          "cannot do image understanding with this bundle: it lacks vae_image_encoder");
      assertFails(
          InvalidRequestException.class,
          () -> conversation.ask(null),
          "question: text is needed, found null");
      assertThrows(
          NullPointerException.class, () -> conversation.ask("x", null, GenerationListener.NONE));
    }
    ImageUnderstanding understanding = new ImageUnderstanding(fixture.model(new FakeBackend()));
    assertFails(
        InvalidRequestException.class,
        () -> understanding.open(List.of()),
        "images: at least one image is needed, found none");
    assertFails(
        InvalidRequestException.class,
        () -> understanding.open(null),
        "images: at least one image is needed, found null");
    assertFails(
        InvalidRequestException.class,
        () -> understanding.open(Arrays.asList(IMAGE, null, IMAGE)),
        "image 2 of 3: an image is needed, found null");
    assertEquals(List.of(), backend.log().calls());
  }

  private static Conversation images(FakeBackend backend, BufferedImage... images) {
    return new ImageUnderstanding(fixture.model(backend)).open(List.of(images));
  }

  private static Conversation chat(FakeBackend backend) {
    return new Chat(fixture.model(backend)).open();
  }

  private static GeneratedText ask(
      Conversation conversation, String question, TextOptions.Builder options) {
    return conversation.ask(question, options.build(), GenerationListener.NONE);
  }

  private static GenerationListener cancelledAtToken(int index) {
    return new GenerationListener() {
      @Override
      public void token(GeneratedToken token) {
        if (token.index() == index) {
          throw new CancelledException("enough");
        }
      }
    };
  }

  /** A turn without images, as one text. */
  private static int[] turn(int[] before, String question) {
    return concat(
        before,
        concat(
            fixture.tokenizer().encode(question),
            fixture.tokenizer().encode("\n<|im_start|>assistant\n")));
  }

  private static List<String> callsAfter(FakeBackend backend, int first) {
    List<String> calls = backend.log().calls();
    return calls.subList(first, calls.size());
  }

  private static String last(FakeBackend backend, String beginning) {
    CallLog log = backend.log();
    return log.calls(beginning).get(log.count(beginning) - 1);
  }

  private static int[] lastText(FakeBackend backend) {
    return backend.texts().get(backend.texts().size() - 1);
  }

  private static int[] concat(int[] ids, int... more) {
    int[] all = Arrays.copyOf(ids, ids.length + more.length);
    System.arraycopy(more, 0, all, ids.length, more.length);
    return all;
  }
}
