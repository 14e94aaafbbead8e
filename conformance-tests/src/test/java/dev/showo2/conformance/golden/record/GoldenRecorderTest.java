package dev.showo2.conformance.golden.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.golden.GoldenCase;
import dev.showo2.conformance.golden.GoldenSet;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.conformance.report.Outcome;
import dev.showo2.conformance.report.Status;
import dev.showo2.model.internal.JsonFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ExportedModels.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenRecorderTest {

  private static final List<String> CASES =
      List.of(
          "vae_encode_image",
          "vae_encode_video",
          "latent_sampling",
          "vae_decode_image",
          "vae_decode_video",
          "fusion_image",
          "fusion_video",
          "time_embedding",
          "backbone_causal",
          "backbone_one_span",
          "backbone_two_spans",
          "backbone_batch",
          "backbone_batch_ragged",
          "text_embedding_and_logits",
          "flow_head_one_span",
          "flow_head_two_spans",
          "flow_head_batch_ragged",
          "video_velocity",
          "t2i_euler",
          "t2i_midpoint",
          "t2v_euler",
          "mixed_second_image",
          "understand_image",
          "understand_video",
          "text_generation",
          "mixed_text_after_image");

  @TempDir static Path folder;

  private Models models;
  private Path recorded;
  private RecordSummary summary;

  @BeforeAll
  void recordOnce(Models models) throws IOException {
    this.models = models;
    recorded = folder.resolve("recorded");
    summary = Recordings.record(models.bundle("tiny-a"), recorded, 1);
  }

  @Test
  void everyKindOfCaseIsThere() throws IOException {
    assertEquals(CASES, summary.cases());
    assertEquals(CASES, GoldenRecorder.caseNames());
    assertTrue(summary.leftOut().isEmpty());
    GoldenSet goldens = GoldenSet.open(recorded);
    assertEquals("tiny-a", goldens.checkpoint());
    assertEquals(CASES, goldens.cases().stream().map(GoldenCase::name).toList());
    Set<String> files = new TreeSet<>(List.of("cases.json"));
    CASES.forEach(name -> files.add(name + ".safetensors"));
    assertEquals(List.copyOf(files), names(recorded));
    assertEquals(sizes(recorded), summary.bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"tiny-a", "tiny-b"})
  void aBackendPassesWhatItRecorded(String checkpoint) throws IOException {
    Path cases = recorded;
    if (!checkpoint.equals("tiny-a")) {
      cases = folder.resolve(checkpoint);
      Recordings.record(models.bundle(checkpoint), cases, 1);
    }
    List<Outcome> outcomes = Recordings.verify(models.bundle(checkpoint), cases);
    assertEquals(CASES.size(), outcomes.size());
    for (Outcome outcome : outcomes) {
      assertEquals(Status.PASSED, outcome.status(), outcome::toString);
      assertEquals("", outcome.reason());
      for (Comparison figure : outcome.figures()) {
        double difference = figure.measurement().map(m -> m.maxAbs()).orElse(0.0);
        assertTrue(difference <= allowed(outcome, figure), outcome::toString);
      }
    }
  }

  /** What is computed in other pieces than it was recorded may be added up in another order. */
  private static double allowed(Outcome outcome, Comparison figure) {
    boolean inOtherPieces =
        figure.tensor().endsWith(" as one batch")
            || figure.tensor().endsWith(" by evaluate")
            || figure.tensor().endsWith(" at once")
            || figure.tensor().endsWith("last only");
    return inOtherPieces ? 1e-6 : 0;
  }

  @Test
  void theSameSeedGivesTheSameBytes() throws IOException {
    Path again = folder.resolve("again");
    Recordings.record(models.bundle("tiny-a"), again, 1);
    assertEquals(names(recorded), names(again));
    for (String name : names(recorded)) {
      assertEquals(-1, Files.mismatch(recorded.resolve(name), again.resolve(name)), name);
    }
  }

  /** Left out: greedy text, of which nothing is drawn, and three long runs. */
  @Test
  void anotherSeedGivesOtherInputs() throws IOException {
    Set<String> cases = new TreeSet<>(CASES);
    cases.removeAll(Set.of("text_generation", "t2i_euler", "t2v_euler", "mixed_second_image"));
    Path other = folder.resolve("other");
    Recordings.record(models.bundle("tiny-a"), other, 2, cases);
    for (String name : names(other)) {
      assertNotEquals(-1, Files.mismatch(recorded.resolve(name), other.resolve(name)), name);
    }
  }

  @Test
  void theListSaysWhoRecordedIt() throws IOException {
    JsonFields json =
        JsonFields.parse(Files.readString(recorded.resolve("cases.json")), "cases.json");
    JsonFields recorder = json.object("recorded_by");
    assertEquals("reference", recorder.string("backend"));
    assertEquals(Runtime.version().toString(), recorder.string("backend_version"));
    assertEquals("fp32", recorder.string("precision"));
    assertEquals(1, recorder.longInteger("seed", 0, 10));
    assertFalse(recorder.string("sdk_version").isEmpty());
  }

  @Test
  void aCaseDoesNotDependOnTheOthers() throws IOException {
    Path alone = folder.resolve("alone");
    Recordings.record(models.bundle("tiny-a"), alone, 1, Set.of("fusion_video"));
    assertEquals(List.of("cases.json", "fusion_video.safetensors"), names(alone));
    assertEquals(
        -1,
        Files.mismatch(
            alone.resolve("fusion_video.safetensors"),
            recorded.resolve("fusion_video.safetensors")));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static long sizes(Path folder) throws IOException {
    long bytes = 0;
    for (String name : names(folder)) {
      bytes += Files.size(folder.resolve(name));
    }
    return bytes;
  }
}
