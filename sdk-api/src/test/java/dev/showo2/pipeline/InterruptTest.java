package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interrupt of the thread ends its request, and stays for whoever runs the thread. */
class InterruptTest {

  private static final String MESSAGE = "the request was cancelled: its thread was interrupted";

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

  /** The next test runs on the same thread. */
  @AfterEach
  void clear() {
    Thread.interrupted();
  }

  @ParameterizedTest
  @EnumSource
  void beforeTheRequest(EachTask task) {
    FakeBackend backend = task.backend();
    List<String> events = new ArrayList<>();
    Thread.currentThread().interrupt();
    assertFails(
        CancelledException.class,
        () -> task.run(fixture.model(backend), Listeners.recording(events, 1)),
        MESSAGE);
    assertTrue(Thread.interrupted(), "the flag was cleared");
    assertEquals(List.of(), events);
    assertEquals(List.of(), backend.log().calls());
  }

  @ParameterizedTest
  @EnumSource
  void onItsWay(EachTask task) {
    FakeBackend backend = task.backend();
    List<Integer> evaluations = new ArrayList<>();
    GenerationListener interrupting =
        new GenerationListener() {
          @Override
          public void step(DenoisingStep step) {
            if (step.index() == 1) {
              interrupt();
            }
          }

          @Override
          public void token(GeneratedToken token) {
            interrupt();
          }

          private void interrupt() {
            evaluations.add(evaluations(backend));
            Thread.currentThread().interrupt();
          }
        };
    assertFails(
        CancelledException.class, () -> task.run(fixture.model(backend), interrupting), MESSAGE);
    assertTrue(Thread.interrupted(), "the flag was cleared");
    assertEquals(List.of(evaluations(backend)), evaluations);
    assertEquals(0, backend.log().stillOpen());
  }

  private static int evaluations(FakeBackend backend) {
    return backend.log().count("fusion") + backend.log().count("language");
  }
}
