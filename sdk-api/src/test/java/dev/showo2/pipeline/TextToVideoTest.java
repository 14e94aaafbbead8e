package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.media.video.FrameSink;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Videos 16 pixels wide and 32 high: 2 tokens and latents of 4x2 a frame, two latent frames by
 * default. A frame's gray level is its index.
 */
class TextToVideoTest {

  private static final String PROMPT = "a red circle";
  private static final FrameSink NOWHERE = (index, frame) -> {};

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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void theFirstLatentFrameGivesOneFrameAndEachLaterOneFour(int latentFrames) {
    List<Integer> indexes = new ArrayList<>();
    List<Integer> grays = new ArrayList<>();
    FakeBackend backend = new FakeBackend();
    GeneratedVideo video =
        videos(backend)
            .generate(
                request().latentFrames(latentFrames).build(),
                (index, frame) -> {
                  indexes.add(index);
                  grays.add(frame.getRGB(0, 0) & 0xff);
                  assertEquals(16, frame.getWidth());
                  assertEquals(32, frame.getHeight());
                });
    int frames = 1 + 4 * (latentFrames - 1);
    List<Integer> inOrder = IntStream.range(0, frames).boxed().toList();
    assertEquals(inOrder, indexes);
    assertEquals(inOrder, grays);
    assertEquals(frames, video.frames());
    assertEquals(Shape.of(1, 16, latentFrames, 4, 2), video.latents().shape());
    assertEquals(1, backend.log().count("stream open"));
    assertEquals(
        Collections.nCopies(latentFrames, "stream decode [1, 16, 1, 4, 2]"),
        backend.log().calls("stream decode"));
    assertEquals(0, backend.log().count("decode"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void framesComeAsTheyAreDecoded() {
    FakeBackend backend = new FakeBackend();
    List<Integer> decoded = new ArrayList<>();
    videos(backend)
        .generate(
            request().latentFrames(3).build(),
            (index, frame) -> decoded.add(backend.log().count("stream decode")));
    assertEquals(List.of(1, 2, 2, 2, 2, 3, 3, 3, 3), decoded);
  }

  @Test
  void aListTakesTheFramesInTheirOrder() {
    List<BufferedImage> frames = new ArrayList<>();
    videos(new FakeBackend()).generate(request().build(), FrameSink.into(frames));
    assertEquals(
        List.of(0, 1, 2, 3, 4), frames.stream().map(frame -> frame.getRGB(15, 31) & 0xff).toList());
  }

  @Test
  void theBundleSaysHowManyLatentFramesThereAreByDefault() {
    GeneratedVideo video =
        videos(new FakeBackend()).generate(TextToVideoRequest.of(PROMPT), NOWHERE);
    assertEquals(2, fixture.bundle().manifest().defaults().videoLatentFrames());
    assertEquals(Shape.of(1, 16, 2, 4, 2), video.latents().shape());
    assertEquals(5, video.frames());
  }

  @Test
  void promptsStandBetweenBosAndBov() {
    FakeBackend backend = run(request().build());
    int[] ids = fixture.tokenizer().encode(PROMPT);
    int[] framed =
        IntStream.concat(IntStream.concat(IntStream.of(491), IntStream.of(ids)), IntStream.of(506))
            .toArray();
    assertEquals(2, backend.texts().size());
    assertArrayEquals(framed, backend.texts().get(0));
    assertArrayEquals(new int[] {491, 506}, backend.texts().get(1));
  }

  @Test
  void eachBranchsPrefixGoesThroughTheModelOnce() {
    FakeBackend backend = run(request().steps(6).build());
    int prompt = fixture.tokenizer().encode(PROMPT).length + 2;
    assertEquals(
        List.of("backbone append CAUSAL 0+" + prompt, "backbone append CAUSAL 0+2"),
        backend.log().calls("backbone append"));
    assertEquals(
        List.of("flow append CAUSAL 0+" + prompt, "flow append CAUSAL 0+2"),
        backend.log().calls("flow append"));
    // Two latent frames of two tokens, and the time.
    assertEquals(
        List.of("backbone evaluate FULL " + prompt + "+5", "backbone evaluate FULL 2+5"),
        backend.log().calls("backbone evaluate").subList(0, 2));
  }

  @Test
  void bothBranchesShareFusionAndTime() {
    FakeBackend backend = run(request().steps(3).solver(Solver.MIDPOINT).build());
    assertEquals(4, backend.log().count("fusion [1, 16, 2, 4, 2]"));
    assertEquals(4, backend.log().count("fusion"));
    assertEquals(4, backend.log().count("time"));
    assertEquals(8, backend.log().count("backbone evaluate"));
    assertEquals(8, backend.log().count("flow velocity"));
  }

  @Test
  void withoutGuidanceOneBranchRuns() {
    FakeBackend backend = run(request().guidanceScale(0).steps(3).build());
    assertEquals(1, backend.log().count("backbone cache"));
    assertEquals(1, backend.log().count("text"));
    assertEquals(2, backend.log().count("backbone evaluate"));
  }

  @Test
  void noImageIsEncodedAndNoWordIsSaid() {
    FakeBackend backend = run(request().build());
    assertEquals(0, backend.log().count("encode"));
    assertEquals(0, backend.log().count("language"));
  }

  @Test
  void theSeedDecidesTheNoise() {
    HostTensor first = noiseOf(request().seed(5).build());
    assertArrayEquals(new TorchRandom(5).normals(256), first.values());
    assertEquals(first, noiseOf(request().seed(5).build()));
    assertNotEquals(first, noiseOf(request().seed(6).build()));
  }

  @Test
  void aSeedOfItsOwnMakesTheVideoAgain() {
    GeneratedVideo video = videos(new FakeBackend()).generate(request().build(), NOWHERE);
    assertTrue(video.seed() >= 0 && video.seed() < 1L << 32, "seed " + video.seed());
    assertEquals(
        video.latents(),
        videos(new FakeBackend())
            .generate(request().seed(video.seed()).build(), NOWHERE)
            .latents());
  }

  @Test
  void initialLatentsTakeTheNoisesPlace() {
    HostTensor given = new HostTensor(Shape.of(1, 16, 2, 4, 2), new TorchRandom(3).normals(256));
    TextToVideoRequest request = request().initialLatents(given).build();
    assertEquals(given, noiseOf(request));
    GeneratedVideo video = videos(new FakeBackend()).generate(request, NOWHERE);
    assertEquals("given", video.settings().entries().get("initial_latents"));
    assertArrayEquals(new TorchRandom(3).normals(256), given.values());
  }

  @Test
  void velocitiesAreGuidedInEveryFrame() {
    float[] noise = new TorchRandom(7).normals(256);
    float with = fixture.tokenizer().encode(PROMPT).length + 2;
    // Each branch's velocity is the length of its text, and the flow takes one unit of time.
    float expected = 2 + 3 * (with - 2);
    GeneratedVideo video =
        videos(new FakeBackend()).generate(request().seed(7).guidanceScale(3).build(), NOWHERE);
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i] + expected, video.latents().values()[i], 1e-4f);
    }
  }

  @Test
  void theResultCarriesItsSettings() {
    GeneratedVideo video = videos(new FakeBackend()).generate(request().seed(7).build(), NOWHERE);
    assertEquals(7, video.seed());
    assertEquals(
        Map.of(
            "prompt", PROMPT,
            "seed", "7",
            "steps", "4",
            "guidance_scale", "5.0",
            "solver", "euler",
            "latent_frames", "2",
            "time_shift", "3.0",
            "model", "fake",
            "model_hash", fixture.bundle().hash(),
            "backend", "fake"),
        video.settings().entries());
  }

  @Test
  void theListenerSeesTheNoiseAndEachStep() {
    List<DenoisingStep> steps = new ArrayList<>();
    GeneratedVideo video =
        videos(new FakeBackend())
            .generate(request().steps(5).build(), NOWHERE, Listeners.collecting(steps));
    assertEquals(List.of(0, 1, 2, 3, 4), steps.stream().map(DenoisingStep::index).toList());
    assertEquals(video.latents(), steps.get(4).latents());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aListenerThatThrowsEndsTheRequest(int at) {
    FakeBackend backend = new FakeBackend();
    assertFails(
        CancelledException.class,
        () -> videos(backend).generate(request().build(), NOWHERE, Listeners.cancellingAt(at)),
        "enough");
    assertEquals(2 * at, backend.log().count("backbone evaluate"));
    assertEquals(0, backend.log().count("stream"));
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4})
  void aSinkThatThrowsEndsTheRequest(int at) {
    FakeBackend backend = new FakeBackend();
    List<Integer> seen = new ArrayList<>();
    FrameSink full =
        (index, frame) -> {
          seen.add(index);
          if (index == at) {
            throw new IllegalStateException("disk full");
          }
        };
    assertFails(
        IllegalStateException.class,
        () -> videos(backend).generate(request().latentFrames(5).build(), full),
        "disk full");
    assertEquals(at + 1, seen.size());
    assertEquals(at == 0 ? 1 : 2, backend.log().count("stream decode"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        FakeBackend::new, model -> new TextToVideo(model).generate(request().build(), NOWHERE));
    fixture.assertNothingLeaks(
        FakeBackend::new,
        model -> new TextToVideo(model).generate(request().guidanceScale(0).build(), NOWHERE));
  }

  private static TextToVideoRequest.Builder request() {
    return TextToVideoRequest.builder(PROMPT);
  }

  private static TextToVideo videos(FakeBackend backend) {
    return new TextToVideo(fixture.model(backend));
  }

  private static FakeBackend run(TextToVideoRequest request) {
    FakeBackend backend = new FakeBackend();
    videos(backend).generate(request, NOWHERE);
    return backend;
  }

  private static HostTensor noiseOf(TextToVideoRequest request) {
    List<DenoisingStep> steps = new ArrayList<>();
    videos(new FakeBackend()).generate(request, NOWHERE, Listeners.collecting(steps));
    return steps.get(0).latents();
  }
}
