package dev.showo2.pipeline.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.pipeline.Cancellation;
import dev.showo2.pipeline.GenerationListener;
import dev.showo2.pipeline.PipelineFixture;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerScorerTest {

  private static final String QUESTION = "What is it?";
  private static final HostTensor LATENTS =
      new HostTensor(Shape.of(1, 16, 1, 4, 4), new float[256]);

  /** Log-probabilities of the fake's one likely token and of any other. */
  private static final double OTHER = -Math.log(Math.E + FakeBundle.VOCABULARY - 1);

  private static final double LIKELY = 1 + OTHER;

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @Test
  void scoresAreMeansOverTheTokensOfAnAnswer() {
    int[] ids = fixture.tokenizer().encode("xyz");
    assertEquals(3, ids.length);
    // After the prompt x is likeliest, after x again x, after y it is z.
    FakeBackend backend = new FakeBackend().answering(ids[0], ids[0], ids[2]);
    assertEquals((LIKELY + OTHER + LIKELY) / 3, score(backend, "xyz")[0], 1e-6);
  }

  @Test
  void rowsWithoutATokenHaveNoProbability() {
    int[] ids = fixture.tokenizer().encode("xyz");
    FakeBackend backend = new FakeBackend().padded(4).answering(ids[0], ids[0], ids[2]);
    assertEquals((LIKELY + OTHER + LIKELY) / 3, score(backend, "xyz")[0], 1e-6);
  }

  @Test
  void aFirstTokenComesFromThePromptForEachAnswer() {
    int x = fixture.tokenizer().encode("x")[0];
    double[] scores = score(new FakeBackend().answering(x), "x", "y", "x");
    assertEquals(LIKELY, scores[0], 1e-6);
    assertEquals(OTHER, scores[1], 1e-6);
    assertEquals(LIKELY, scores[2], 1e-6);
  }

  @Test
  void answersShareThePromptAndGoNoFurtherThanTheirLastButOneToken() {
    FakeBackend backend = new FakeBackend().answering(1, 1, 1, 1);
    score(backend, "xyz", "xy");
    assertEquals(1, backend.log().count("fusion"));
    int prompt = 28 + 1 + 1 + 5 + fixture.tokenizer().encode(QUESTION).length + 5;
    List<String> appended = backend.log().calls("backbone append");
    assertEquals(
        List.of(
            "backbone append CAUSAL " + prompt + "+2", "backbone append CAUSAL " + prompt + "+1"),
        appended.subList(3, appended.size()));
    assertEquals(
        List.of("all 2", "all 1"),
        backend.log().calls("language all").stream().map(call -> call.substring(9)).toList());
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void longAnswersAreScoredInChunks() {
    int x = fixture.tokenizer().encode("x")[0];
    FakeBackend backend =
        new FakeBackend()
            .answering(Collections.nCopies(70, x).stream().mapToInt(id -> id).toArray());
    String answer = "x".repeat(70);
    assertEquals(70, fixture.tokenizer().encode(answer).length);
    assertEquals(LIKELY, score(backend, answer)[0], 1e-6);
    assertEquals(
        List.of("language all 32", "language all 32", "language all 5"),
        backend.log().calls("language all"));
  }

  @Test
  void everythingIsClosedAfterAnyFailure() {
    fixture.assertNothingLeaks(
        () -> new FakeBackend().answering(1, 1, 1),
        model ->
            AnswerScorer.of(model, QUESTION, List.of("xyz", "x"))
                .score(LATENTS, new RequestContext(GenerationListener.NONE)));
  }

  @Test
  void endsWhereItIsCancelled() {
    FakeBackend backend = new FakeBackend().answering(1, 1, 1);
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    AnswerScorer scorer = AnswerScorer.of(fixture.model(backend), QUESTION, List.of("x"));
    RequestContext run = new RequestContext(cancellation.wrap(GenerationListener.NONE));
    assertFails(CancelledException.class, () -> scorer.score(LATENTS, run), "cancelled");
    assertEquals(List.of(), backend.log().calls());
  }

  @Test
  void refusesInvalidQuestionsAndAnswers() {
    LoadedModel model = fixture.model(new FakeBackend());
    assertFails(
        InvalidRequestException.class,
        () -> AnswerScorer.of(model, QUESTION, List.of("x", "")),
        "answer: text is needed to be scored, found none");
    assertFails(
        InvalidRequestException.class,
        () -> AnswerScorer.of(model, QUESTION, List.of("x".repeat(5000))),
        "answer: up to 4096 tokens are taken, found 5000; shorten it");
    assertFails(
        InvalidRequestException.class,
        () -> AnswerScorer.of(model, null, List.of("x")),
        "question: text is needed, found null");
    FakeBackend overflowing = new FakeBackend().answering(1).alsoLikely(2, Float.NaN);
    assertFails(
        BackendException.class, () -> score(overflowing, "x"), "found some that are not finite");
    assertEquals(0, overflowing.log().stillOpen());
  }

  private static double[] score(FakeBackend backend, String... answers) {
    return AnswerScorer.of(fixture.model(backend), QUESTION, List.of(answers))
        .score(LATENTS, new RequestContext(GenerationListener.NONE));
  }
}
