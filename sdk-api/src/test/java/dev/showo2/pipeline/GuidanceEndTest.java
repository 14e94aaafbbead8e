package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TimeSchedule;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.Messages;
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

/** Guidance that takes part in the first of four steps only. */
class GuidanceEndTest {

  private static final String PROMPT = "a red circle";

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
    "0, EULER, 0",
    "0.1, EULER, 0",
    "0.25, EULER, 1",
    "0.5, EULER, 2",
    "0.6, EULER, 2",
    "1, EULER, 4",
    "0.5, MIDPOINT, 4",
    "0.75, HEUN3, 9",
    "0.5, RK4, 8",
    "0, RK4, 0"
  })
  void laterStepsRunOnOneBranch(float end, Solver solver, int unconditional) {
    draw(request().solver(solver).guidanceEnd(end).build());
    // Solvers come in the order of their evaluations a step.
    int evaluations = 4 * (solver.ordinal() + 1);
    assertEquals(evaluations, backend.log().count("fusion"));
    assertEquals(evaluations, backend.log().count("backbone evaluate FULL " + prompt() + "+5"));
    assertEquals(unconditional, backend.log().count("backbone evaluate FULL 2+5"));
    assertEquals(unconditional == 0 ? 1 : 2, backend.log().count("backbone cache"));
    assertEquals(0, backend.log().stillOpen());
  }

  /** Of four steps the second and third are guided, the others run on one branch. */
  @Test
  void guidanceCanBeginLater() {
    GeneratedImage result =
        draw(request().seed(7).guidanceScale(3).guidanceStart(0.25f).guidanceEnd(0.75f).build());
    assertEquals(4, backend.log().count("fusion"));
    assertEquals(2, backend.log().count("backbone evaluate FULL 2+5"));
    float[] times = TimeSchedule.shifted(5, 3);
    float guided = times[3] - times[1];
    float moved = guided * (2 + 3 * (prompt() - 2)) + (1 - guided) * prompt();
    float[] noise = new TorchRandom(7).normals(256);
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i] + moved, result.latents().values()[i], 1e-3f);
    }
    assertEquals("0.25", result.settings().entries().get("guidance_start"));
    assertEquals("0.75", result.settings().entries().get("guidance_end"));
  }

  @Test
  void anIntervalWithoutAStepIsRefused() {
    Messages.assertFails(
        InvalidRequestException.class,
        () -> draw(request().guidanceStart(0.4f).guidanceEnd(0.6f).build()),
        "guidance start: from 0.4 to 0.6 of 4 steps there is none");
  }

  @ParameterizedTest
  @EnumSource(
      value = Solver.class,
      names = {"EULER", "MIDPOINT", "RK4", "DOPRI5"})
  void theVelocityChangesWhereGuidanceEnds(Solver solver) {
    GeneratedImage result =
        draw(request().solver(solver).seed(7).guidanceScale(3).guidanceEnd(0.5f).build());
    float end = TimeSchedule.shifted(5, 3)[2];
    // Each branch's velocity is the length of its text.
    float moved = end * (2 + 3 * (prompt() - 2)) + (1 - end) * prompt();
    float[] noise = new TorchRandom(7).normals(256);
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i] + moved, result.latents().values()[i], 1e-3f);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, 1})
  void withoutGuidanceEveryStepRunsOnOneBranch(float scale) {
    GeneratedImage result = draw(request().seed(7).guidanceScale(scale).build());
    assertEquals(4, backend.log().count("backbone evaluate FULL " + prompt() + "+5"));
    assertEquals(4, backend.log().count("backbone evaluate"));
    assertEquals(1, backend.log().count("backbone cache"));
    assertEquals(0, backend.log().stillOpen());
    assertEquals(Float.toString(scale), result.settings().entries().get("guidance_scale"));
  }

  /** Both branches at the number next to 1 against the one branch at 1. */
  @Test
  void oneBranchGivesWhatTheFormulaGivesAtScaleOne() {
    float[] one = draw(request().seed(7).guidanceScale(1).build()).latents().values();
    int evaluations = backend.log().count("backbone evaluate");
    float[] both =
        draw(request().seed(7).guidanceScale(Math.nextUp(1f)).build()).latents().values();
    assertEquals(3 * evaluations, backend.log().count("backbone evaluate"));
    assertArrayEquals(both, one, 1e-5f);
  }

  @Test
  void allStepsAreGuidedUnlessSaidOtherwise() {
    assertArrayEquals(
        draw(request().seed(7).build()).latents().values(),
        draw(request().seed(7).guidanceEnd(1).build()).latents().values());
    assertEquals(8, backend.log().count("backbone evaluate FULL 2+5"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 0.5", "0, 1", "0.25, 0.5", "0.75, 1"})
  void theListenerSeesEachStepOnce(float start, float end) {
    List<DenoisingStep> steps = new ArrayList<>();
    GeneratedImage result =
        new TextToImage(fixture.model(backend))
            .generate(
                request().guidanceStart(start).guidanceEnd(end).build(),
                Listeners.collecting(steps));
    assertEquals(List.of(0, 1, 2, 3, 4), steps.stream().map(DenoisingStep::index).toList());
    float[] times = TimeSchedule.shifted(5, 3);
    for (DenoisingStep step : steps) {
      assertEquals(4, step.total());
      assertEquals(times[step.index()], step.time());
    }
    assertEquals(result.latents(), steps.get(4).latents());
  }

  @Test
  void videosTakePartToo() {
    TextToVideoRequest request =
        TextToVideoRequest.builder(PROMPT).steps(5).guidanceEnd(0.25f).build();
    new TextToVideo(fixture.model(backend)).generate(request, (index, frame) -> {});
    assertEquals(4, backend.log().count("backbone evaluate FULL " + prompt() + "+5"));
    assertEquals(1, backend.log().count("backbone evaluate FULL 2+5"));
  }

  @Test
  void theSettingsSayWhereItEnds() {
    assertEquals("0.5", settingOf(request().guidanceEnd(0.5f).build()));
    assertNull(settingOf(request().guidanceEnd(1).build()));
    assertNull(settingOf(request().build()));
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        FakeBackend::new,
        model -> new TextToImage(model).generate(request().guidanceEnd(0.5f).build()));
  }

  private String settingOf(TextToImageRequest request) {
    return draw(request).settings().entries().get("guidance_end");
  }

  private GeneratedImage draw(TextToImageRequest request) {
    return new TextToImage(fixture.model(backend)).generate(request);
  }

  /** Positions before the image. */
  private static int prompt() {
    return fixture.tokenizer().encode(PROMPT).length + 2;
  }

  /** Four steps. */
  private static TextToImageRequest.Builder request() {
    return TextToImageRequest.builder(PROMPT).steps(5);
  }
}
