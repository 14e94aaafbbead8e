package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.BackendException;
import dev.showo2.error.ShowO2Exception;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks the callbacks of listeners and their order, task by task. */
class ListenerOrderTest {

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
  void textToImage() {
    assertEvents(
        EachTask.TEXT_TO_IMAGE,
        "started text to image",
        "step 0: 0 of 2",
        "step 0: 1 of 2",
        "step 0: 2 of 2",
        "image 0",
        "finished text to image");
  }

  @Test
  void severalImages() {
    assertEvents(
        EachTask.SEVERAL_IMAGES,
        "started text to image",
        "step 0: 0 of 2",
        "step 0: 1 of 2",
        "step 0: 2 of 2",
        "image 0",
        "step 1: 0 of 2",
        "step 1: 1 of 2",
        "step 1: 2 of 2",
        "image 1",
        "finished text to image");
  }

  @ParameterizedTest
  @EnumSource(names = {"IMAGE_TO_IMAGE", "INPAINTING"})
  void imageToImage(EachTask task) {
    assertEvents(
        task,
        "started image to image",
        "step 0: 0 of 2",
        "step 0: 1 of 2",
        "step 0: 2 of 2",
        "image 0",
        "finished image to image");
  }

  @Test
  void textToVideo() {
    assertEvents(
        EachTask.TEXT_TO_VIDEO,
        "started text to video",
        "step 0: 0 of 2",
        "step 0: 1 of 2",
        "step 0: 2 of 2",
        "finished text to video");
  }

  @Test
  void imageToVideo() {
    assertEvents(
        EachTask.IMAGE_TO_VIDEO,
        "started image to video",
        "step 0: 0 of 2",
        "step 0: 1 of 2",
        "step 0: 2 of 2",
        "finished image to video");
  }

  @Test
  void imageUnderstanding() {
    assertEvents(
        EachTask.IMAGE_UNDERSTANDING,
        "started image understanding",
        "token 0: 11",
        "token 1: 12",
        "token 2: 492",
        "finished image understanding");
  }

  @Test
  void story() {
    assertEvents(
        EachTask.STORY,
        "started story",
        "token 0: 11",
        "token 1: 499",
        "step 0: 0 of 2",
        "step 0: 1 of 2",
        "step 0: 2 of 2",
        "image 0",
        "token 0: 12",
        "token 1: 499",
        "step 1: 0 of 2",
        "step 1: 1 of 2",
        "step 1: 2 of 2",
        "image 1",
        "token 0: 492",
        "finished story");
  }

  @ParameterizedTest
  @EnumSource
  void theStartComesBeforeModelWorkAndTheEndAfterIt(EachTask task) {
    FakeBackend backend = task.backend();
    List<Integer> calls = new ArrayList<>();
    task.run(
        fixture.model(backend),
        new GenerationListener() {
          @Override
          public void started(Task started) {
            calls.add(backend.log().calls().size());
          }

          @Override
          public void finished(Task finished, Duration elapsed) {
            calls.add(backend.log().calls().size());
          }
        });
    assertEquals(List.of(0, backend.log().calls().size()), calls);
  }

  @ParameterizedTest
  @EnumSource
  void aRequestThatFailsIsNotFinished(EachTask task) {
    FakeBackend backend = task.backend();
    backend.log().failAt(6);
    List<String> events = new ArrayList<>();
    assertThrows(
        BackendException.class,
        () -> task.run(fixture.model(backend), Listeners.recording(events, 0)));
    assertEquals(1, events.stream().filter(event -> event.startsWith("started")).count());
    assertFalse(events.stream().anyMatch(event -> event.startsWith("finished")));
  }

  @ParameterizedTest
  @EnumSource
  void aRequestThatIsRefusedIsNotStarted(EachTask task) {
    FakeBackend backend = task.backend().without(Stage.TEXT_EMBEDDING);
    List<String> events = new ArrayList<>();
    assertThrows(
        ShowO2Exception.class,
        () -> task.run(fixture.model(backend), Listeners.recording(events, 1)));
    assertEquals(List.of(), events);
    assertEquals(List.of(), backend.log().calls());
  }

  private static void assertEvents(EachTask task, String... expected) {
    List<String> events = new ArrayList<>();
    task.run(fixture.model(task.backend()), Listeners.recording(events, 0));
    assertEquals(List.of(expected), events);
  }
}
