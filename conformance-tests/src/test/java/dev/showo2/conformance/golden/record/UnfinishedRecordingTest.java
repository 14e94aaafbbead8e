package dev.showo2.conformance.golden.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Status;
import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.model.Bundle;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(ExportedModels.class)
class UnfinishedRecordingTest {

  private static final Set<String> TWO = Set.of("vae_encode_image", "time_embedding");

  @TempDir Path folder;

  private Bundle bundle;
  private Path target;

  @BeforeEach
  void setUp(Models models) {
    bundle = models.bundle("tiny-a");
    target = folder.resolve("a/recorded");
  }

  private RecordRequest request(Backend backend, Set<String> cases) {
    return new RecordRequest(bundle, Recordings.REFERENCE, backend, target, 1, cases);
  }

  @Test
  void aListenerThatThrowsLeavesNothingBehind() throws IOException {
    IllegalStateException enough = new IllegalStateException("enough");
    List<String> told = new ArrayList<>();
    RecordListener listener =
        new RecordListener() {
          @Override
          public void recording(String name, int index, int count) {
            told.add(name + " " + index + "/" + count);
          }

          @Override
          public void recorded(String name, long bytes) {
            assertTrue(bytes > 1000, name);
            if (name.equals("time_embedding")) {
              throw enough;
            }
          }
        };
    try (Backend backend = Recordings.open(bundle)) {
      assertSame(
          enough,
          assertThrows(
              IllegalStateException.class,
              () -> GoldenRecorder.record(request(backend, TWO), listener)));
    }
    assertEquals(List.of("vae_encode_image 0/2", "time_embedding 1/2"), told);
    assertEquals(List.of(), left());
  }

  @Test
  void anInterruptEndsTheRecording() throws IOException {
    try (Backend backend = Recordings.open(bundle)) {
      Thread.currentThread().interrupt();
      CancelledException e =
          assertThrows(
              CancelledException.class,
              () -> GoldenRecorder.record(request(backend, TWO), RecordListener.NONE));
      assertTrue(Thread.interrupted(), "stays interrupted");
      assertEquals("the recording was interrupted; nothing was written", e.getMessage());
    }
    assertEquals(List.of(), left());
  }

  @Test
  void aTargetThatIsNotEmptyIsRefusedBeforeAnyWork() throws IOException {
    Files.createDirectories(target);
    Files.writeString(target.resolve("cases.json"), "{}");
    List<String> told = new ArrayList<>();
    try (Backend backend = Recordings.open(bundle)) {
      FileAlreadyExistsException e =
          assertThrows(
              FileAlreadyExistsException.class,
              () ->
                  GoldenRecorder.record(
                      request(backend, TWO),
                      new RecordListener() {
                        @Override
                        public void recording(String name, int index, int count) {
                          told.add(name);
                        }
                      }));
      assertTrue(e.getMessage().contains("holds files already"), e.getMessage());
    }
    assertEquals(List.of(), told);
    assertEquals(List.of("a", "a/recorded", "a/recorded/cases.json"), left());
  }

  @Test
  void casesOfMissingStagesAreLeftOutAndNamed() throws IOException {
    Set<Stage> stages = EnumSet.allOf(Stage.class);
    stages.removeAll(Set.of(Stage.VAE_VIDEO_DECODER, Stage.LANGUAGE_HEAD));
    RecordSummary summary;
    try (Backend backend = new LackingBackend(Recordings.open(bundle), stages)) {
      summary =
          GoldenRecorder.record(
              RecordRequest.of(bundle, Recordings.REFERENCE, backend, target, 1),
              RecordListener.NONE);
    }
    assertEquals(
        Map.of(
            "vae_decode_video", Set.of(Stage.VAE_VIDEO_DECODER),
            "t2v_euler", Set.of(Stage.VAE_VIDEO_DECODER),
            "text_embedding_and_logits", Set.of(Stage.LANGUAGE_HEAD),
            "understand_image", Set.of(Stage.LANGUAGE_HEAD),
            "understand_video", Set.of(Stage.LANGUAGE_HEAD),
            "text_generation", Set.of(Stage.LANGUAGE_HEAD),
            "mixed_text_after_image", Set.of(Stage.LANGUAGE_HEAD)),
        summary.leftOut());
    assertEquals(GoldenRecorder.caseNames().size() - 7, summary.cases().size());
    assertTrue(summary.toString().contains("t2v_euler needs vae_video_decoder"));
    assertTrue(
        Recordings.verify(bundle, target).stream().allMatch(o -> o.status() == Status.PASSED),
        "a backend that has more stages passes too");
  }

  @Test
  void aBackendWithoutAnyOfTheStagesIsRefused() throws IOException {
    try (Backend backend = new LackingBackend(Recordings.open(bundle), Set.of(Stage.FUSION))) {
      UnsupportedFeatureException e =
          assertThrows(
              UnsupportedFeatureException.class,
              () -> GoldenRecorder.record(request(backend, TWO), RecordListener.NONE));
      assertTrue(e.getMessage().contains("it has only fusion"), e.getMessage());
    }
    assertEquals(List.of(), left());
  }

  @Test
  void requestsThatAskForNothingKnownAreRefused() {
    try (Backend backend = Recordings.open(bundle)) {
      assertThrows(InvalidRequestException.class, () -> request(backend, Set.of()));
      InvalidRequestException e =
          assertThrows(InvalidRequestException.class, () -> request(backend, Set.of("t2i_eular")));
      assertTrue(e.getMessage().contains("t2i_euler"), e.getMessage());
      assertThrows(
          InvalidRequestException.class,
          () -> RecordRequest.of(bundle, Recordings.REFERENCE, backend, target, -1));
    }
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> !file.equals(folder))
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
