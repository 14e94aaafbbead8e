package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.testing.CallLog;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that their own listener ends. */
class CancellationTest {

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

  /** Says yes to one question and all after it; notes the calls that there were at each. */
  private static final class Asked implements GenerationListener {

    private final CallLog log;
    private final int yesFrom;
    private final int previewEvery;
    private final List<Integer> calls = new ArrayList<>();

    Asked(CallLog log, int yesFrom, int previewEvery) {
      this.log = log;
      this.yesFrom = yesFrom;
      this.previewEvery = previewEvery;
    }

    @Override
    public boolean cancelled() {
      calls.add(worked(log));
      return calls.size() > yesFrom;
    }

    @Override
    public int previewEvery() {
      return previewEvery;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aYesEndsTheRequestWhereverItComes(EachTask task) {
    FakeBackend whole = task.backend();
    Asked never = new Asked(whole.log(), Integer.MAX_VALUE, 1);
    task.run(fixture.model(whole), never);
    assertTrue(never.calls.size() >= 4, "asked only " + never.calls.size() + " times");
    for (int n = 0; n < never.calls.size(); n++) {
      FakeBackend backend = task.backend();
      Asked asked = new Asked(backend.log(), n, 1);
      assertFails(
          CancelledException.class,
          () -> task.run(fixture.model(backend), asked),
          "the request was cancelled");
      assertEquals(n + 1, asked.calls.size(), "asked on after yes");
      assertEquals(asked.calls.get(n), worked(backend.log()), "worked on after question " + n);
      assertEquals(0, backend.log().stillOpen(), "open after question " + n);
    }
  }

  /** How often the backend was asked for more than to forget. */
  private static int worked(CallLog log) {
    return (int) log.calls().stream().filter(call -> !call.contains("truncate")).count();
  }

  @ParameterizedTest
  @EnumSource
  void theFirstQuestionComesBeforeAnyWork(EachTask task) {
    FakeBackend backend = task.backend();
    List<String> events = new ArrayList<>();
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    assertFails(
        CancelledException.class,
        () -> task.run(fixture.model(backend), cancellation.wrap(Listeners.recording(events, 1))),
        "the request was cancelled");
    assertEquals(List.of(), events);
    assertEquals(List.of(), backend.log().calls());
  }

  @ParameterizedTest
  @EnumSource
  void cancelledWhenItBeginsARequestDoesNoWork(EachTask task) {
    assertNoWorkAfter(
        task,
        cancellation ->
            new GenerationListener() {
              @Override
              public void started(Task started) {
                cancellation.run();
              }
            });
  }

  /** Not even the prompt of the next image is taken in. */
  @ParameterizedTest
  @EnumSource(names = {"SEVERAL_IMAGES", "BEST_OF", "STORY"})
  void cancelledWithAImageARequestDoesNoMoreWork(EachTask task) {
    assertNoWorkAfter(
        task,
        cancellation ->
            new GenerationListener() {
              @Override
              public void image(FinishedImage image) {
                cancellation.run();
              }
            });
  }

  private static void assertNoWorkAfter(
      EachTask task, Function<Runnable, GenerationListener> listener) {
    FakeBackend backend = task.backend();
    Cancellation cancellation = new Cancellation();
    List<Integer> calls = new ArrayList<>();
    GenerationListener cancelling =
        listener.apply(
            () -> {
              calls.add(worked(backend.log()));
              cancellation.cancel();
            });
    assertFails(
        CancelledException.class,
        () -> task.run(fixture.model(backend), cancellation.wrap(cancelling)),
        "the request was cancelled");
    assertEquals(List.of(worked(backend.log())), calls);
  }

  /** Evaluations begin with fusion, and tokens with the language head. */
  @ParameterizedTest
  @EnumSource
  void aQuestionComesBeforeEachEvaluationTokenAndDecoding(EachTask task) {
    FakeBackend backend = task.backend();
    Asked never = new Asked(backend.log(), Integer.MAX_VALUE, 0);
    task.run(fixture.model(backend), never);
    List<String> calls = backend.log().calls();
    int last = 0;
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).matches("(fusion|language|decode|stream decode) .*")) {
        int from = last;
        int to = i;
        assertTrue(
            never.calls.stream().anyMatch(at -> at >= from && at <= to),
            "no question between call " + from + " and " + calls.get(i));
        last = i + 1;
      }
    }
    assertTrue(last > 0, "no evaluation, token or decoding");
  }
}
