package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.StepReuse;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of the flow, and the builders of all requests that collect them. */
class FlowOptionsTest {

  private static final HostTensor LATENTS = new HostTensor(Shape.of(1), new float[] {2});

  private static final FlowOptions ALL =
      FlowOptions.builder()
          .seed(-7)
          .steps(2)
          .guidanceScale(2)
          .guidanceStart(0.125f)
          .guidanceEnd(0.25f)
          .negativePrompt("a blue square")
          .solver(Solver.RK4)
          .timeShift(0.5f)
          .reuse(StepReuse.backbone(3))
          .preset(FlowPreset.FAST)
          .initialLatents(LATENTS)
          .build();

  static Stream<FlowRequestBuilder<?>> builders() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    return Stream.of(
        FlowOptions.builder(),
        TextToImageRequest.builder(""),
        ImageToImageRequest.builder(image, ""),
        StoryRequest.builder(""),
        TextToVideoRequest.builder(""),
        ImageToVideoRequest.builder(image, ""));
  }

  @ParameterizedTest
  @MethodSource("builders")
  void everythingIsLeftToTheModelByDefault(FlowRequestBuilder<?> builder) {
    assertEquals(FlowOptions.DEFAULTS, builder.flowOptions());
  }

  @ParameterizedTest
  @MethodSource("builders")
  void eachSettingHasItsPlace(FlowRequestBuilder<?> builder) {
    FlowOptions options =
        builder
            .seed(-7)
            .steps(2)
            .guidanceScale(2)
            .guidanceStart(0.125f)
            .guidanceEnd(0.25f)
            .negativePrompt("a blue square")
            .solver(Solver.RK4)
            .timeShift(0.5f)
            .reuse(StepReuse.backbone(3))
            .preset(FlowPreset.FAST)
            .initialLatents(LATENTS)
            .flowOptions();
    assertEquals(ALL, options);
    assertEquals(OptionalLong.of(-7), options.seed());
    assertEquals(OptionalInt.of(2), options.steps());
    assertEquals(Optional.of(2f), options.guidanceScale());
    assertEquals(Optional.of(0.125f), options.guidanceStart());
    assertEquals(Optional.of(0.25f), options.guidanceEnd());
    assertEquals(Optional.of(StepReuse.backbone(3)), options.reuse());
    assertEquals(Optional.of(FlowPreset.FAST), options.preset());
    assertEquals(Optional.of("a blue square"), options.negativePrompt());
    assertEquals(Optional.of(Solver.RK4), options.solver());
    assertEquals(Optional.of(0.5f), options.timeShift());
    assertEquals(Optional.of(LATENTS), options.initialLatents());
  }

  @ParameterizedTest
  @MethodSource("builders")
  void optionsComeBackAsTheyWereGiven(FlowRequestBuilder<?> builder) {
    assertEquals(ALL, builder.options(ALL).flowOptions());
    assertEquals(FlowOptions.DEFAULTS, builder.options(FlowOptions.DEFAULTS).flowOptions());
  }

  @ParameterizedTest
  @MethodSource("builders")
  void theLastWordCounts(FlowRequestBuilder<?> builder) {
    assertEquals(ALL, builder.seed(1).steps(9).options(ALL).flowOptions());
    assertEquals(OptionalLong.of(3), builder.options(ALL).seed(3).flowOptions().seed());
    assertEquals(ALL.solver(), builder.flowOptions().solver());
  }

  @ParameterizedTest
  @MethodSource("builders")
  void buildersNameWhatIsNull(FlowRequestBuilder<?> builder) {
    assertFails(NullPointerException.class, () -> builder.options(null), "options");
    assertFails(NullPointerException.class, () -> builder.solver(null), "solver");
    assertFails(NullPointerException.class, () -> builder.reuse(null), "reuse");
    assertFails(NullPointerException.class, () -> builder.preset(null), "preset");
    assertFails(NullPointerException.class, () -> builder.negativePrompt(null), "negativePrompt");
    assertFails(NullPointerException.class, () -> builder.initialLatents(null), "initialLatents");
    assertEquals(FlowOptions.DEFAULTS, builder.flowOptions());
  }

  @Test
  void requestsCarryTheirOptions() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    assertEquals(ALL, TextToVideoRequest.builder("").options(ALL).build().options());
    assertEquals(ALL, ImageToVideoRequest.builder(image, "").options(ALL).build().options());
    TextToImageRequest sized = TextToImageRequest.builder("a").options(ALL).size(48, 32).build();
    assertEquals("a", sized.prompt());
    assertEquals(ALL, sized.options());
    assertEquals(OptionalInt.of(48), sized.width());
    assertEquals(OptionalInt.of(32), sized.height());
    TextToImageRequest open = TextToImageRequest.of("a");
    assertEquals("a", open.prompt());
    assertEquals(FlowOptions.DEFAULTS, open.options());
    assertEquals(OptionalInt.empty(), open.width());
    assertEquals(OptionalInt.empty(), open.height());
  }

  @Test
  void settingsAtTheEdgeOfTheirRangeAreTaken() {
    assertEquals(0f, with(2, 0f, Float.MIN_VALUE).guidanceScale().orElseThrow());
    assertEquals(2, with(2, 0f, Float.MAX_VALUE).steps().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 0, -1, Integer.MIN_VALUE})
  void refusesFewerThanTwoSteps(int steps) {
    assertFails(
        InvalidRequestException.class,
        () -> with(steps, 1, 1),
        "steps: at least 2 time points are needed, found " + steps);
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesGuidanceThatIsNone(float scale) {
    assertFails(
        InvalidRequestException.class,
        () -> with(2, scale, 1),
        "guidance scale: a number from 0 (no guidance) up is needed, found " + scale);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesTimeShiftsThatAreNone(float shift) {
    assertFails(
        InvalidRequestException.class,
        () -> with(2, 1, shift),
        "time shift: a number above 0 is needed, found " + shift);
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1.1f, Float.NaN})
  void refusesShares(float share) {
    assertFails(
        InvalidRequestException.class,
        () -> FlowOptions.builder().guidanceEnd(share).build(),
        "guidance end: a share of the steps from 0 to 1 is needed, found " + share);
    assertFails(
        InvalidRequestException.class,
        () -> FlowOptions.builder().guidanceStart(share).build(),
        "guidance start: a share of the steps from 0 to 1 is needed, found " + share);
  }

  @Test
  void refusesGuidanceThatEndsBeforeItBegins() {
    assertFails(
        InvalidRequestException.class,
        () -> FlowOptions.builder().guidanceStart(0.5f).guidanceEnd(0.5f).build(),
        "guidance start: a share below the guidance end, 0.5, is needed, found 0.5");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesLatentsThatAreNotFinite(float value) {
    HostTensor latents = new HostTensor(Shape.of(2), new float[] {0, value});
    assertFails(
        InvalidRequestException.class,
        () -> TextToVideoRequest.builder("").initialLatents(latents).build(),
        "initial latents: finite numbers are needed, found " + value);
  }

  private static FlowOptions with(int steps, float scale, float shift) {
    return FlowOptions.builder().steps(steps).guidanceScale(scale).timeShift(shift).build();
  }
}
