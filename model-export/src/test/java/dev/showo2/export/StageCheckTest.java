package dev.showo2.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.showo2.error.BackendException;
import dev.showo2.error.InsufficientMemoryException;
import dev.showo2.export.checkpoint.TestCheckpoint;
import dev.showo2.export.checkpoint.TinyArchitecture;
import dev.showo2.stage.Stage;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeProvider;
import dev.showo2.testing.RegisteredProvider;
import dev.showo2.testing.TensorChanges;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With a backend whose stages do what the test wants. */
class StageCheckTest {

  private static final Set<Stage> ALL_STAGES = EnumSet.allOf(Stage.class);

  @TempDir Path folder;

  private final FakeBackend backend = FakeBackend.of(TinyArchitecture.TIED).filledWith(0.5f);
  private final FakeProvider provider =
      new FakeProvider("fake").opening(bundle -> backend.opened());
  private ExportRequest request;

  @BeforeEach
  void writeCheckpoint() throws Exception {
    request =
        ExportRequest.of(
            TestCheckpoint.tiny().write(folder.resolve("checkpoint")), folder.resolve("bundle"));
  }

  @Test
  void runsEveryStageThatHasAGraph() throws Exception {
    ExportSummary summary = export();
    assertEquals(Optional.of("fake"), summary.checkedBy());
    assertEquals(ALL_STAGES, summary.checkedStages());
    assertEquals(0, backend.log().stillOpen(), "everything is closed");
  }

  @Test
  void runsModelsThatInterpolatePositions() throws Exception {
    TestCheckpoint.of(TinyArchitecture.UNTIED).write(request.checkpoint());
    FakeBackend untied = FakeBackend.of(TinyArchitecture.UNTIED);
    provider.opening(bundle -> untied.opened());
    assertEquals(ALL_STAGES, export().checkedStages());
  }

  @Test
  void doesNotClaimStagesThatTheBackendLacks() throws Exception {
    backend.without(Stage.BACKBONE).without(Stage.VAE_IMAGE_ENCODER);
    Set<Stage> expected = EnumSet.copyOf(ALL_STAGES);
    expected.removeAll(List.of(Stage.BACKBONE, Stage.VAE_IMAGE_ENCODER));
    assertEquals(expected, export().checkedStages());
  }

  @ParameterizedTest
  @EnumSource
  void refusesValuesThatAreNotFinite(Stage stage) throws Exception {
    boolean even = stage.ordinal() % 2 == 0;
    backend.changing(stage, TensorChanges.endingWith(even ? Float.NaN : Float.NEGATIVE_INFINITY));
    assertRefused(BackendException.class, stage.id(), even ? "gave NaN" : "gave -Infinity");
  }

  @ParameterizedTest
  @EnumSource
  void refusesWrongShapes(Stage stage) throws Exception {
    backend.changing(stage, TensorChanges.tooLong());
    assertRefused(BackendException.class, "stage " + stage.id(), "should give [1, ", ", gave [1, ");
  }

  @Test
  void namesTheStageThatFails() throws Exception {
    IllegalStateException bug = new IllegalStateException("no kernel");
    backend.changing(Stage.LANGUAGE_HEAD, TensorChanges.failing(bug));
    Exception e = assertRefused(BackendException.class, "language_head", "no kernel");
    assertSame(bug, e.getCause());
    backend.changing(
        Stage.FLOW_HEAD, TensorChanges.failing(new BackendException("no such operator")));
    assertRefused(BackendException.class, "flow_head", "no such operator");
  }

  @Test
  void passesOtherReasonsOn() throws Exception {
    backend.changing(
        Stage.BACKBONE, TensorChanges.failing(new InsufficientMemoryException("too little")));
    assertRefused(InsufficientMemoryException.class, "too little");
  }

  private ExportSummary export() throws Exception {
    return RegisteredProvider.using(
        provider, () -> ModelExporter.export(request, ExportListener.NONE));
  }

  private <T extends Exception> T assertRefused(Class<T> type, String... parts) throws Exception {
    T failure =
        RegisteredProvider.using(
            provider, () -> Leftovers.assertRefused(type, request, ExportListener.NONE, parts));
    assertEquals(0, backend.log().stillOpen(), "everything is closed");
    return failure;
  }
}
