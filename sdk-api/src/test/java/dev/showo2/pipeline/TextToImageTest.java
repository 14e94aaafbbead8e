package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.ForwardingBackend;
import dev.showo2.stage.DenoiseStep;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.TensorChanges;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ImageArguments of 32x32 pixels: 4 image tokens, latents of 4x4. */
class TextToImageTest {

  private static final String PROMPT = "a red circle";

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
  void eachTextGoesThroughTheModelOnce() {
    FakeBackend backend = run(request().build());
    int prompt = fixture.tokenizer().encode(PROMPT).length + 2;
    assertEquals(List.of("text " + prompt, "text 2"), backend.log().calls("text"));
    assertEquals(
        List.of("backbone append CAUSAL 0+" + prompt, "backbone append CAUSAL 0+2"),
        backend.log().calls("backbone append"));
    assertEquals(
        List.of("flow append CAUSAL 0+" + prompt, "flow append CAUSAL 0+2"),
        backend.log().calls("flow append"));
  }

  /** In int8 the flow head makes numbers of them, and the image would be any. */
  @Test
  void hiddenStatesThatAreNotFiniteAreRefused() {
    FakeBackend backend =
        new FakeBackend().changing(Stage.BACKBONE, TensorChanges.endingWith(Float.NaN));
    BackendException e =
        assertThrows(BackendException.class, () -> images(backend).generate(request().build()));
    assertTrue(
        e.getMessage().contains("hidden states: expected finite values; found NaN"), e::toString);
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
  void aFusedStepIsLookedAtAsTheComposedOneIs(float value) {
    FakeBackend backend = new FakeBackend();
    Backend fused =
        new ForwardingBackend(backend) {
          @Override
          public DenoiseStep denoiseStep() {
            return request -> {
              HostTensor velocity = HostTensor.zeros(request.latents().shape());
              velocity.values()[3] = value;
              return backend.tensor(velocity);
            };
          }
        };
    TextToImage pipeline = new TextToImage(fixture.model(fused));
    BackendException e =
        assertThrows(BackendException.class, () -> pipeline.generate(request().build()));
    assertTrue(
        e.getMessage().contains("expected finite values; found " + value + " at index 3"),
        e::toString);
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void eachEvaluationRunsOnTheSpanAlone() {
    FakeBackend backend = run(request().steps(3).build());
    int prompt = fixture.tokenizer().encode(PROMPT).length + 2;
    String with = " FULL " + prompt + "+5";
    assertEquals(
        List.of(with, " FULL 2+5", with, " FULL 2+5"),
        backend.log().calls("backbone evaluate").stream()
            .map(call -> call.substring("backbone evaluate".length()))
            .toList());
    assertEquals(4, backend.log().count("flow velocity"));
  }

  @Test
  void bothBranchesShareFusionAndTime() {
    FakeBackend backend = run(request().steps(3).solver(Solver.MIDPOINT).build());
    assertEquals(4, backend.log().count("fusion [1, 16, 1, 4, 4]"));
    assertEquals(4, backend.log().count("time"));
    assertEquals(8, backend.log().count("backbone evaluate"));
  }

  @Test
  void noVocabularyWhileDenoisingAndOneDecoding() {
    FakeBackend backend = run(request().build());
    assertEquals(0, backend.log().count("language"));
    assertEquals(List.of("decode [1, 16, 1, 4, 4]"), backend.log().calls("decode"));
  }

  @Test
  void withoutGuidanceOneBranchRuns() {
    FakeBackend backend = run(request().guidanceScale(0).steps(3).build());
    assertEquals(1, backend.log().count("backbone cache"));
    assertEquals(1, backend.log().count("flow cache"));
    assertEquals(2, backend.log().count("backbone evaluate"));
  }

  @Test
  void velocitiesAreGuided() {
    float[] noise = new TorchRandom(7).normals(256);
    float with = fixture.tokenizer().encode(PROMPT).length + 2;
    // Each branch's velocity is the length of its text, and the flow takes one unit of time.
    float expected = 2 + 3 * (with - 2);
    GeneratedImage result =
        images(new FakeBackend()).generate(request().seed(7).guidanceScale(3).build());
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i] + expected, result.latents().values()[i], 1e-4f);
    }
  }

  @Test
  void theSeedDecidesTheNoise() {
    HostTensor first = noiseOf(request().seed(5).build());
    assertArrayEquals(new TorchRandom(5).normals(256), first.values());
    assertEquals(Shape.of(1, 16, 1, 4, 4), first.shape());
    assertEquals(first, noiseOf(request().seed(5).build()));
    assertNotEquals(first, noiseOf(request().seed(6).build()));
  }

  @Test
  void aSeedOfItsOwnDrawsTheImageAgain() {
    List<DenoisingStep> steps = new ArrayList<>();
    GeneratedImage result =
        images(new FakeBackend()).generate(request().build(), Listeners.collecting(steps));
    assertTrue(result.seed() >= 0 && result.seed() < 1L << 32, "seed " + result.seed());
    assertEquals(steps.get(0).latents(), noiseOf(request().seed(result.seed()).build()));
  }

  @Test
  void initialLatentsTakeTheNoisesPlace() {
    HostTensor given = new HostTensor(Shape.of(1, 16, 1, 4, 4), filledWithOne());
    assertEquals(given, noiseOf(request().initialLatents(given).build()));
    GeneratedImage result =
        images(new FakeBackend()).generate(request().initialLatents(given).build());
    assertEquals("given", result.settings().entries().get("initial_latents"));
    assertEquals(new HostTensor(given.shape(), filledWithOne()), given);
  }

  @Test
  void theResultCarriesItsSettings() {
    GeneratedImage result = images(new FakeBackend()).generate(request().seed(7).build());
    assertEquals(32, result.image().getWidth());
    assertEquals(32, result.image().getHeight());
    assertEquals(
        Map.of(
            "prompt", PROMPT,
            "seed", "7",
            "steps", "4",
            "guidance_scale", "5.0",
            "solver", "euler",
            "time_shift", "3.0",
            "model", "fake",
            "model_hash", fixture.bundle().hash(),
            "backend", "fake"),
        result.settings().entries());
    assertFalse(result.settings().entries().containsKey("initial_latents"));
  }

  @Test
  void anEmptyPromptIsAllowed() {
    FakeBackend backend = new FakeBackend();
    images(backend).generate(TextToImageRequest.of(""));
    assertEquals(List.of("text 2", "text 2"), backend.log().calls("text"));
  }

  @Test
  void theListenerSeesTheNoiseAndEachStep() {
    List<DenoisingStep> steps = new ArrayList<>();
    GeneratedImage result =
        images(new FakeBackend()).generate(request().steps(5).build(), Listeners.collecting(steps));
    assertEquals(5, steps.size());
    for (int i = 0; i < steps.size(); i++) {
      DenoisingStep step = steps.get(i);
      assertEquals(i, step.index());
      assertEquals(4, step.total());
      assertEquals(Shape.of(1, 16, 1, 4, 4), step.latents().shape());
      assertTrue(i == 0 || step.time() > steps.get(i - 1).time());
      assertTrue(i == 0 || step.elapsed().compareTo(steps.get(i - 1).elapsed()) >= 0);
      assertFalse(step.remaining().isNegative());
    }
    assertEquals(0, steps.get(0).time());
    assertEquals(0, steps.get(0).remaining().toNanos());
    assertEquals(1, steps.get(4).time(), 1e-6f);
    assertEquals(0, steps.get(4).remaining().toNanos());
    assertEquals(result.latents(), steps.get(4).latents());
  }

  @Test
  void aListenerThatThrowsEndsTheRequest() {
    for (int at = 0; at < 4; at++) {
      int last = at;
      FakeBackend backend = new FakeBackend();
      assertFails(
          CancelledException.class,
          () -> images(backend).generate(request().build(), Listeners.cancellingAt(last)),
          "enough");
      assertEquals(2 * last, backend.log().count("backbone evaluate"));
      assertEquals(0, backend.log().count("decode"));
      assertEquals(0, backend.log().stillOpen());
    }
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        FakeBackend::new, model -> new TextToImage(model).generate(request().build()));
    fixture.assertNothingLeaks(
        FakeBackend::new,
        model -> new TextToImage(model).generate(request().guidanceScale(0).build()));
  }

  private static float[] filledWithOne() {
    float[] ones = new float[256];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static TextToImageRequest.Builder request() {
    return TextToImageRequest.builder(PROMPT);
  }

  private static TextToImage images(FakeBackend backend) {
    return new TextToImage(fixture.model(backend));
  }

  private static FakeBackend run(TextToImageRequest request) {
    FakeBackend backend = new FakeBackend();
    images(backend).generate(request);
    return backend;
  }

  private static HostTensor noiseOf(TextToImageRequest request) {
    List<DenoisingStep> steps = new ArrayList<>();
    images(new FakeBackend()).generate(request, Listeners.collecting(steps));
    return steps.get(0).latents();
  }
}
