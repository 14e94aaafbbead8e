package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that another thread ends with a {@link Cancellation}. */
class CancellingThreadTest {

  private static final long PATIENCE_SECONDS = 60;

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

  /** Waits at the first step or token until the request has been cancelled. */
  private static final class Waiting implements GenerationListener {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @Override
    public void step(DenoisingStep step) {
      if (step.index() == 1) {
        await();
      }
    }

    @Override
    public void token(GeneratedToken token) {
      await();
    }

    private void await() {
      reached.countDown();
      try {
        assertTrue(goOn.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "nobody cancelled");
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theRequestEndsWithinOneStepOrToken(EachTask task) throws Exception {
    FakeBackend backend = task.backend();
    Cancellation cancellation = new Cancellation();
    Waiting waiting = new Waiting();
    FutureTask<Void> request =
        new FutureTask<>(() -> task.run(fixture.model(backend), cancellation.wrap(waiting)), null);
    Thread thread = new Thread(request, "request");
    thread.start();
    assertTrue(waiting.reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "no step or token");
    int evaluations = evaluations(backend);
    cancellation.cancel();
    waiting.goOn.countDown();
    ExecutionException failed =
        assertThrows(
            ExecutionException.class, () -> request.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    thread.join();
    assertEquals(CancelledException.class, failed.getCause().getClass());
    assertEquals("the request was cancelled", failed.getCause().getMessage());
    assertEquals(evaluations, evaluations(backend));
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @EnumSource
  void everyEventIsPassedOn(EachTask task) {
    List<String> direct = new ArrayList<>();
    task.run(fixture.model(task.backend()), Listeners.recording(direct, 1));
    List<String> passedOn = new ArrayList<>();
    task.run(
        fixture.model(task.backend()), new Cancellation().wrap(Listeners.recording(passedOn, 1)));
    assertEquals(direct, passedOn);
    assertTrue(direct.size() > 3, "" + direct);
  }

  @Test
  void whatTheListenerSaysItselfCountsToo() {
    GenerationListener cancelled =
        new GenerationListener() {
          @Override
          public boolean cancelled() {
            return true;
          }
        };
    assertTrue(new Cancellation().wrap(cancelled).cancelled());
    assertFalse(new Cancellation().wrap(GenerationListener.NONE).cancelled());
  }

  @Test
  void onceCancelledItStaysSoForAllThatItWasGivenTo() {
    Cancellation cancellation = new Cancellation();
    GenerationListener before = cancellation.wrap(GenerationListener.NONE);
    assertFalse(cancellation.isCancelled());
    cancellation.cancel();
    cancellation.cancel();
    assertTrue(cancellation.isCancelled());
    assertTrue(before.cancelled());
    assertTrue(cancellation.wrap(GenerationListener.NONE).cancelled());
    assertFails(NullPointerException.class, () -> cancellation.wrap(null), "listener");
  }

  private static int evaluations(FakeBackend backend) {
    return backend.log().count("fusion") + backend.log().count("language");
  }
}
