package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.error.BackendException;
import dev.showo2.error.CancelledException;
import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.internal.LatentFrames;
import dev.showo2.sampler.Solver;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Videos 16 pixels wide and 32 high, as in {@link TextToVideoTest}. */
class ImageToVideoTest {

  private static final String PROMPT = "a red circle";
  private static final BufferedImage IMAGE = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
  private static final FrameSink NOWHERE = (index, frame) -> {};

  /** No two values of it are the same. */
  private static final HostTensor MEAN =
      new HostTensor(Shape.of(1, 16, 1, 4, 2), new TorchRandom(11).normals(128));

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
  @EnumSource(
      value = Solver.class,
      names = {"EULER", "MIDPOINT", "HEUN3", "RK4"})
  void theFirstFrameIsTheEncodersMeanAtEveryStep(Solver solver) {
    List<DenoisingStep> steps = new ArrayList<>();
    GeneratedVideo video =
        videos(backend())
            .generate(
                request().steps(5).latentFrames(3).solver(solver).build(),
                NOWHERE,
                Listeners.collecting(steps));
    assertEquals(5, steps.size());
    for (DenoisingStep step : steps) {
      assertEquals(MEAN, frame(step.latents(), 0), "step " + step.index());
    }
    assertEquals(MEAN, frame(video.latents(), 0));
  }

  @Test
  void theFirstFrameStandsStillUnderASolverThatInterpolates() {
    GeneratedVideo video =
        videos(backend()).generate(request().solver(Solver.DOPRI5).build(), NOWHERE);
    assertArrayEquals(MEAN.values(), frame(video.latents(), 0).values(), 1e-5f);
  }

  @Test
  void theOtherFramesFlow() {
    float[] noise = new TorchRandom(7).normals(256);
    float with = fixture.tokenizer().encode(PROMPT).length + 2;
    float expected = 2 + 3 * (with - 2);
    HostTensor latents =
        videos(backend()).generate(request().seed(7).guidanceScale(3).build(), NOWHERE).latents();
    float[] second = frame(latents, 1).values();
    float[] start = frame(new HostTensor(latents.shape(), noise), 1).values();
    for (int i = 0; i < second.length; i++) {
      assertEquals(start[i] + expected, second[i], 1e-4f);
    }
  }

  @Test
  void theImageIsEncodedOnceInTheSizeOfVideos() {
    FakeBackend backend = backend();
    videos(backend).generate(request().build(), NOWHERE);
    assertEquals(List.of("encode [1, 3, 1, 32, 16]"), backend.log().calls("encode"));
  }

  @Test
  void frameCountsAndCallsAreThoseOfTextToVideo() {
    FakeBackend backend = backend();
    List<BufferedImage> frames = new ArrayList<>();
    GeneratedVideo video =
        videos(backend)
            .generate(request().steps(3).latentFrames(4).build(), FrameSink.into(frames));
    assertEquals(13, video.frames());
    assertEquals(13, frames.size());
    assertEquals(12, frames.get(12).getRGB(0, 0) & 0xff);
    assertEquals(4, backend.log().count("stream decode"));
    assertEquals(2, backend.log().count("fusion"));
    assertEquals(2, backend.log().count("time"));
    assertEquals(2, backend.log().count("backbone append"));
    assertEquals(506, backend.texts().get(0)[backend.texts().get(0).length - 1]);
    assertArrayEquals(new int[] {491, 506}, backend.texts().get(1));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void theBundleSaysHowManyLatentFramesThereAreByDefault() {
    GeneratedVideo video =
        videos(backend()).generate(ImageToVideoRequest.of(IMAGE, PROMPT), NOWHERE);
    assertEquals(Shape.of(1, 16, 2, 4, 2), video.latents().shape());
    assertEquals(5, video.frames());
  }

  @Test
  void oneLatentFrameIsTheImageAlone() {
    GeneratedVideo video = videos(backend()).generate(request().latentFrames(1).build(), NOWHERE);
    assertEquals(MEAN, video.latents());
    assertEquals(1, video.frames());
  }

  @Test
  void theSeedDecidesTheVideo() {
    HostTensor five = latentsOf(request().seed(5).build());
    assertEquals(five, latentsOf(request().seed(5).build()));
    assertNotEquals(five, latentsOf(request().seed(6).build()));
  }

  @Test
  void theImageTakesTheFirstFrameOfInitialLatents() {
    HostTensor given = new HostTensor(Shape.of(1, 16, 2, 4, 2), new TorchRandom(3).normals(256));
    List<DenoisingStep> steps = new ArrayList<>();
    videos(backend())
        .generate(request().initialLatents(given).build(), NOWHERE, Listeners.collecting(steps));
    assertEquals(MEAN, frame(steps.get(0).latents(), 0));
    assertEquals(frame(given, 1), frame(steps.get(0).latents(), 1));
    assertArrayEquals(new TorchRandom(3).normals(256), given.values());
  }

  @Test
  void anEncoderOfAnotherSizeIsAtFault() {
    FakeBackend backend =
        new FakeBackend().encodingAs(new HostTensor(Shape.of(1, 16, 1, 2, 2), new float[64]));
    assertFails(
        BackendException.class,
        () -> videos(backend).generate(request().build(), NOWHERE),
        "first frame: latents [1, 16, 1, 4, 2] are needed, found [1, 16, 1, 2, 2]");
    assertEquals(0, backend.log().stillOpen());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aListenerThatThrowsEndsTheRequest(int at) {
    FakeBackend backend = backend();
    assertFails(
        CancelledException.class,
        () -> videos(backend).generate(request().build(), NOWHERE, Listeners.cancellingAt(at)),
        "enough");
    assertEquals(0, backend.log().count("stream"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void aSinkThatThrowsEndsTheRequest() {
    FakeBackend backend = backend();
    FrameSink full =
        (index, frame) -> {
          throw new IllegalStateException("disk full");
        };
    assertFails(
        IllegalStateException.class,
        () -> videos(backend).generate(request().build(), full),
        "disk full");
    assertEquals(1, backend.log().count("stream decode"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        ImageToVideoTest::backend,
        model -> new ImageToVideo(model).generate(request().build(), NOWHERE));
    fixture.assertNothingLeaks(
        ImageToVideoTest::backend,
        model -> new ImageToVideo(model).generate(request().guidanceScale(0).build(), NOWHERE));
  }

  private static ImageToVideoRequest.Builder request() {
    return ImageToVideoRequest.builder(IMAGE, PROMPT);
  }

  private static FakeBackend backend() {
    return new FakeBackend().encodingAs(MEAN);
  }

  private static ImageToVideo videos(FakeBackend backend) {
    return new ImageToVideo(fixture.model(backend));
  }

  private static HostTensor latentsOf(ImageToVideoRequest request) {
    return videos(backend()).generate(request, NOWHERE).latents();
  }

  private static HostTensor frame(HostTensor latents, int index) {
    return new LatentFrames(latents.shape()).frame(latents, index);
  }
}
