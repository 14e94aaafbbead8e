package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.testing.FakeBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Work that approximations save, counted on a flow of eight steps. */
class StepReuseTest {

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "none, 8, 8",
    "velocity:2, 5, 5",
    "velocity:3, 4, 4",
    "adaptive:0.5, 3, 3",
    "backbone:2, 5, 8",
    "backbone:4, 4, 8"
  })
  void stepsThatReuseComputeLess(String reuse, int backbone, int flowHead) {
    float[] exact = draw(request().build()).latents().values();
    int before = backend.log().count("fusion");
    int flowBefore = backend.log().count("flow velocity");
    GeneratedImage result = draw(request().reuse(StepReuse.ofId(reuse)).build());
    assertEquals(backbone, backend.log().count("fusion") - before);
    // Both branches of guidance.
    assertEquals(2 * flowHead, backend.log().count("flow velocity") - flowBefore);
    // The fake velocity never changes, so nothing is lost.
    assertArrayEquals(exact, result.latents().values(), 1e-3f);
    assertEquals(0, backend.log().stillOpen());
    assertEquals(reuse.equals("none") ? null : reuse, result.settings().entries().get("reuse"));
  }

  /** Where guidance ends the velocity jumps: nothing is reused across. */
  @Test
  void theFirstTwoStepsAfterGuidanceEndsAreComputed() {
    draw(request().reuse(StepReuse.velocity(100)).guidanceEnd(0.5f).build());
    assertEquals(6, backend.log().count("fusion"));
    assertEquals(3, backend.log().count("backbone evaluate FULL 2+5"));
  }

  @ParameterizedTest
  @EnumSource(names = {"AB2", "UNIPC"})
  void multistepSolversReuseToo(Solver solver) {
    draw(request().solver(solver).reuse(StepReuse.velocity(2)).build());
    assertEquals(5, backend.log().count("fusion"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Solver.class,
      names = {"MIDPOINT", "HEUN3", "RK4", "DOPRI5"})
  void solversWithSeveralEvaluationsRefuse(Solver solver) {
    assertFails(
        InvalidRequestException.class,
        () -> draw(request().solver(solver).reuse(StepReuse.velocity(2)).build()),
        "step reuse: a solver is needed that evaluates the model once a step (euler, ab2, unipc)",
        "found " + solver.id());
    assertEquals(0, backend.log().count("fusion"));
  }

  @ParameterizedTest
  @CsvSource({"QUALITY, 50, 49", "BALANCED, 26, 14", "FAST, 8, 7"})
  void presetsEvaluateTheModelLess(FlowPreset preset, int points, int evaluations) {
    assertEquals(points, preset.points(50));
    draw(request().steps(points).preset(preset).build());
    assertEquals(evaluations, backend.log().count("fusion"));
  }

  @Test
  void presetsDecideTheNumberOfPointsThatIsLeftOpen() {
    int standard = fixture.bundle().manifest().defaults().steps();
    GeneratedImage result =
        draw(TextToImageRequest.builder("a red circle").preset(FlowPreset.FAST).build());
    String points = Integer.toString(FlowPreset.FAST.points(standard));
    assertEquals(points, result.settings().entries().get("steps"));
  }

  @Test
  void modelsOfFewStepsKeepThem() {
    assertEquals(4, FlowPreset.FAST.points(4));
    assertEquals(5, FlowPreset.FAST.points(9));
    assertEquals(5, FlowPreset.BALANCED.points(5));
  }

  @Test
  void whatIsSetComesBeforeThePreset() {
    GeneratedImage result = draw(request().preset(FlowPreset.FAST).reuse(StepReuse.none()).build());
    assertEquals(8, backend.log().count("fusion"));
    assertEquals("9", result.settings().entries().get("steps"));
    draw(request().preset(FlowPreset.FAST).solver(Solver.MIDPOINT).build());
    assertEquals(8 + 16, backend.log().count("fusion"));
    assertNull(result.settings().entries().get("reuse"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"velocity:2", "backbone:3", "adaptive:0.2"})
  void theListenerSeesEachStepOnce(String reuse) {
    List<DenoisingStep> steps = new ArrayList<>();
    new TextToImage(fixture.model(backend))
        .generate(request().reuse(StepReuse.ofId(reuse)).build(), Listeners.collecting(steps));
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), steps.stream().map(DenoisingStep::index).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"velocity:2", "backbone:3", "adaptive:0.2"})
  void everythingIsClosedWhateverFails(String reuse) {
    fixture.assertNothingLeaks(
        FakeBackend::new,
        model ->
            new TextToImage(model)
                .generate(request().reuse(StepReuse.ofId(reuse)).guidanceEnd(0.5f).build()));
  }

  private GeneratedImage draw(TextToImageRequest request) {
    return new TextToImage(fixture.model(backend)).generate(request);
  }

  /** Eight steps. */
  private static TextToImageRequest.Builder request() {
    return TextToImageRequest.builder("a red circle").seed(7).steps(9);
  }
}
