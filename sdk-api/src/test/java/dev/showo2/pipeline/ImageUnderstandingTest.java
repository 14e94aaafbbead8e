package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.TensorChanges;
import dev.showo2.text.ControlTokens;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ImageArguments become 4 image tokens; 492 is eos. */
class ImageUnderstandingTest {

  private static final int EOS = 492;
  private static final String QUESTION = "What is it?";
  private static final BufferedImage IMAGE = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);

  @TempDir static Path folder;
  private static PipelineFixture fixture;
  private static int[] said;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
    said = fixture.tokenizer().encode("a 图 é");
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void theImageAndTheQuestionGoThroughTheModelOnce() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    questions(backend).ask(IMAGE, QUESTION);
    List<String> appended = backend.log().calls("backbone append");
    int before = 28 + 1 + 1;
    int question = fixture.tokenizer().encode(QUESTION).length + 5;
    assertEquals(
        List.of(
            "backbone append CAUSAL 0+" + before,
            "backbone append FULL " + before + "+5",
            "backbone append CAUSAL " + (before + 5) + "+" + question),
        appended);
    assertEquals(List.of("encode [1, 3, 1, 32, 32]"), backend.log().calls("encode"));
    assertEquals(1, backend.log().count("fusion"));
    assertEquals(List.of("time 1.0"), backend.log().calls("time"));
    assertEquals(List.of("language last of " + question), backend.log().calls("language"));
    assertEquals(0, backend.log().count("flow"));
  }

  @Test
  void eachTokenIsOnePositionAndTheLogitsOfOne() {
    FakeBackend backend = new FakeBackend().answering(11, 12, EOS);
    questions(backend).ask(IMAGE, QUESTION);
    List<String> appended = backend.log().calls("backbone append CAUSAL");
    assertEquals(4, appended.size());
    assertTrue(appended.get(2).endsWith("+1") && appended.get(3).endsWith("+1"), "" + appended);
    assertEquals(List.of("language last of 1"), tail(backend.log().calls("language"), 1));
    assertEquals(3, backend.log().count("language"));
    assertEquals(List.of("text 1", "text 1"), tail(backend.log().calls("text"), 2));
  }

  @Test
  void theAnswerEndsAtEos() {
    GeneratedText answer =
        questions(new FakeBackend().answering(concat(said, EOS, 11))).ask(IMAGE, QUESTION);
    assertEquals("a 图 é", answer.text());
    assertArrayEquals(concat(said, EOS), answer.ids());
    assertEquals(GeneratedText.Finish.STOP_TOKEN, answer.finish());
  }

  /** Trainers round the number of rows up; whatever stands in the rest is no token. */
  @Test
  void rowsWithoutATokenAreNeverChosen() {
    FakeBackend backend = new FakeBackend().padded(4).answering(11, 12, EOS);
    GeneratedText answer = questions(backend).ask(request().build(), GenerationListener.NONE);
    assertArrayEquals(new int[] {11, 12, EOS}, answer.ids());
  }

  /** In int8 the language head makes numbers of them, and the answer would be any. */
  @Test
  void hiddenStatesThatAreNotFiniteAreRefused() {
    FakeBackend backend =
        new FakeBackend()
            .answering(11, 12, EOS)
            .changing(Stage.BACKBONE, TensorChanges.endingWith(Float.NaN));
    BackendException e =
        assertThrows(
            BackendException.class,
            () -> questions(backend).ask(request().build(), GenerationListener.NONE));
    assertTrue(
        e.getMessage().startsWith("hidden states: expected finite values; found NaN"), e::toString);
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void theAnswerEndsAtTheLimit() {
    FakeBackend backend = new FakeBackend().answering(11, 12, 13, 14);
    GeneratedText answer =
        questions(backend).ask(request().maxTokens(3).build(), GenerationListener.NONE);
    assertArrayEquals(new int[] {11, 12, 13}, answer.ids());
    assertEquals(GeneratedText.Finish.MAX_TOKENS, answer.finish());
    assertEquals(3, backend.log().count("language"));
  }

  @Test
  void theAnswerEndsBeforeAStopSequence() {
    List<GeneratedToken> tokens = new ArrayList<>();
    FakeBackend backend = new FakeBackend().answering(concat(said, EOS));
    GeneratedText answer =
        questions(backend).ask(request().stopSequences("图 x", "图 ").build(), collecting(tokens));
    assertEquals("a ", answer.text());
    assertEquals(answer.text(), text(tokens));
    assertEquals(GeneratedText.Finish.STOP_SEQUENCE, answer.finish());
    assertArrayEquals(Arrays.copyOf(said, answer.ids().length), answer.ids());
    assertEquals("a 图 ", fixture.tokenizer().decode(answer.ids(), true));
  }

  @Test
  void theRepetitionPenaltyCountsTheQuestionAndTheAnswer() {
    int asked = fixture.tokenizer().encode("x")[0];
    assertArrayEquals(new int[] {11, 12, 11}, penalized(11, asked, 2));
    assertArrayEquals(new int[] {12, 11, 11}, penalized(11, 11, 2));
    assertArrayEquals(new int[] {11, 11, 11}, penalized(11, asked, 1));
  }

  /** Three tokens after a question of one token, where one has logit 1 and token 12 has 0.6. */
  private static int[] penalized(int likeliest, int asked, float penalty) {
    FakeBackend backend =
        new FakeBackend().answering(likeliest, likeliest, likeliest).alsoLikely(12, 0.6f);
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(
                IMAGE, fixture.tokenizer().decode(new int[] {asked}, true))
            .repetitionPenalty(penalty)
            .maxTokens(3)
            .build();
    return questions(backend).ask(request, GenerationListener.NONE).ids();
  }

  @Test
  void theRepetitionPenaltyLetsTheAnswerEnd() {
    FakeBackend backend = new FakeBackend().answering(EOS).alsoLikely(12, 0.6f);
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(IMAGE, "<|im_end|>").repetitionPenalty(2).build();
    GeneratedText answer =
        new ImageUnderstanding(fixture.model(backend, ControlTokens.RECOGNIZED))
            .ask(request, GenerationListener.NONE);
    assertArrayEquals(new int[] {EOS}, answer.ids());
  }

  @Test
  void theListenerSeesEachTokenAndAllTheText() {
    List<GeneratedToken> tokens = new ArrayList<>();
    GeneratedText answer =
        questions(new FakeBackend().answering(concat(said, EOS)))
            .ask(request().build(), collecting(tokens));
    assertArrayEquals(answer.ids(), tokens.stream().mapToInt(GeneratedToken::id).toArray());
    for (int i = 0; i < tokens.size(); i++) {
      assertEquals(i, tokens.get(i).index());
    }
    assertEquals(answer.text(), text(tokens));
    assertEquals("", tokens.get(tokens.size() - 1).text());
  }

  @Test
  void theListenerSeesBytesThatNeverBecameACharacter() {
    int firstByte = fixture.tokenizer().encode("é")[0];
    assertEquals(2, fixture.tokenizer().encode("é").length);
    for (int[] ids : new int[][] {{11, firstByte}, {11, firstByte, EOS}}) {
      List<GeneratedToken> tokens = new ArrayList<>();
      GeneratedText answer =
          questions(new FakeBackend().answering(ids))
              .ask(request().maxTokens(ids.length).build(), collecting(tokens));
      assertTrue(answer.text().endsWith("\ufffd"), answer.text());
      assertEquals(answer.text(), text(tokens));
    }
  }

  @Test
  void aListenerThatThrowsEndsTheRequest() {
    FakeBackend backend = new FakeBackend().answering(11, 12, 13);
    GenerationListener cancelling =
        new GenerationListener() {
          @Override
          public void token(GeneratedToken token) {
            if (token.index() == 1) {
              throw new CancelledException("enough");
            }
          }
        };
    assertFails(
        CancelledException.class,
        () -> questions(backend).ask(request().build(), cancelling),
        "enough");
    assertEquals(2, backend.log().count("language"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        () -> new FakeBackend().answering(11, 12, EOS),
        model -> new ImageUnderstanding(model).ask(IMAGE, QUESTION));
  }

  @Test
  void theSeedDecidesTheLatentsUnlessTheMeanIsTaken() {
    // The fake encoder gives mean 0 and log-variance 0.
    assertArrayEquals(new TorchRandom(3).normals(256), latents(request().seed(3).build()).values());
    assertEquals(latents(request().seed(3).build()), latents(request().seed(3).build()));
    assertNotEquals(latents(request().seed(3).build()), latents(request().seed(4).build()));
    assertArrayEquals(
        new float[256], latents(request().latentChoice(LatentChoice.MEAN).build()).values());
  }

  @Test
  void theLatentsOfFurtherImagesAreDrawnWithTheSeedsThatFollow() {
    ImageUnderstandingRequest request =
        ImageUnderstandingRequest.builder(List.of(IMAGE, IMAGE, IMAGE), QUESTION).seed(3).build();
    List<HostTensor> latents = questions(new FakeBackend()).latents(request);
    assertEquals(3, latents.size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(new TorchRandom(3 + i).normals(256), latents.get(i).values());
    }
  }

  @Test
  void severalImagesStandInTheirOrderBeforeTheQuestion() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    questions(backend)
        .ask(
            ImageUnderstandingRequest.builder(List.of(IMAGE, IMAGE), QUESTION).build(),
            GenerationListener.NONE);
    assertEquals(2, backend.log().count("encode"));
    List<String> appended = backend.log().calls("backbone append");
    assertEquals(
        List.of(
            "backbone append CAUSAL 0+30",
            "backbone append FULL 30+5",
            "backbone append CAUSAL 35+2",
            "backbone append FULL 37+5"),
        appended.subList(0, 4));
    assertEquals(5, appended.size());
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void refusesWhatCannotBeAnsweredBeforeAnyStage() {
    assertFails(
        InvalidRequestException.class,
        () -> request().maxTokens(0).build(),
        "max tokens: at least 1 is needed, found 0");
    assertFails(
        InvalidRequestException.class,
        () -> ImageUnderstandingRequest.of(null, QUESTION),
        "image: an image is needed, found null; ImageIO.read gives null for files that are none");
    assertFails(
        InvalidRequestException.class,
        () -> ImageUnderstandingRequest.of(IMAGE, null),
        "question: text is needed");
    assertFails(
        InvalidRequestException.class,
        () -> ImageUnderstandingRequest.of(IMAGE, "x".repeat((1 << 20) + 1)),
        "question: up to 1048576 characters are taken, found 1048577; shorten it");
    assertFails(NullPointerException.class, () -> request().sampling(null).build(), "sampling");
    FakeBackend backend = new FakeBackend().without(Stage.LANGUAGE_HEAD);
    assertFails(
        UnsupportedFeatureException.class,
        () -> questions(backend).ask(IMAGE, QUESTION),
        "cannot do image understanding with this bundle: it lacks language_head;");
    FakeBackend untouched = new FakeBackend();
    assertFails(
        InvalidRequestException.class,
        () -> questions(untouched).ask(IMAGE, "x".repeat(4097)),
        "question: up to 4096 tokens are taken, found 4097; shorten it");
    assertEquals(List.of(), untouched.log().calls());
    assertFails(
        NullPointerException.class,
        () -> questions(backend).ask(request().build(), null),
        "listener");
    assertEquals(List.of(), backend.log().calls());
  }

  private static ImageUnderstandingRequest.Builder request() {
    return ImageUnderstandingRequest.builder(IMAGE, QUESTION);
  }

  private static HostTensor latents(ImageUnderstandingRequest request) {
    return questions(new FakeBackend()).latents(request).get(0);
  }

  private static ImageUnderstanding questions(FakeBackend backend) {
    return new ImageUnderstanding(fixture.model(backend));
  }

  private static GenerationListener collecting(List<GeneratedToken> tokens) {
    return new GenerationListener() {
      @Override
      public void token(GeneratedToken token) {
        tokens.add(token);
      }
    };
  }

  private static String text(List<GeneratedToken> tokens) {
    return tokens.stream().map(GeneratedToken::text).collect(Collectors.joining());
  }

  private static List<String> tail(List<String> calls, int length) {
    return calls.subList(calls.size() - length, calls.size());
  }

  private static int[] concat(int[] ids, int... more) {
    return IntStream.concat(Arrays.stream(ids), Arrays.stream(more)).toArray();
  }
}
