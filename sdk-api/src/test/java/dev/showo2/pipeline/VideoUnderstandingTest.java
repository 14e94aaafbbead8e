package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.pipeline.internal.RequestContext;
import dev.showo2.pipeline.internal.VideoInput;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Frames become 2 tokens each, images 4; 492 is eos. */
class VideoUnderstandingTest {

  private static final int EOS = 492;
  private static final int BEFORE = 28 + 1 + 1;
  private static final String QUESTION = "xyz";
  private static final int ASKED = 3 + 5;

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
  void framesAreEncodedAndFusedOneByOneWithTheImagesSize() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    videos(backend).ask(request(frames(3)).frameCount(3).build(), GenerationListener.NONE);
    assertEquals(Collections.nCopies(3, "encode [1, 3, 1, 32, 32]"), backend.log().calls("encode"));
    assertEquals(
        Collections.nCopies(3, "fusion [1, 16, 1, 4, 4] to 1x2"), backend.log().calls("fusion"));
    assertEquals(List.of("time 1.0"), backend.log().calls("time"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void laterFramesAreCausalBeyondTheSpanOfOneImage() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    videos(backend).ask(request(frames(4)).frameCount(4).build(), GenerationListener.NONE);
    assertEquals(
        List.of(
            "backbone append CAUSAL 0+" + BEFORE,
            "backbone append FULL " + BEFORE + "+5",
            "backbone append CAUSAL " + (BEFORE + 5) + "+" + (3 + 1 + ASKED)),
        backend.log().calls("backbone append"));
    // The third of the frames is cut.
    assertEquals(2, backend.log().count("upload [1, 1, 8]"));
    assertEquals(2, backend.log().count("read [1, 2, 8]"));
  }

  @Test
  void theSpanOfFewFramesRunsOnIntoTheQuestion() {
    FakeBackend backend = new FakeBackend().answering(EOS);
    videos(backend).ask(request(frames(1)).frameCount(1).build(), GenerationListener.NONE);
    assertEquals(
        List.of(
            "backbone append CAUSAL 0+" + BEFORE,
            "backbone append FULL " + BEFORE + "+5",
            "backbone append CAUSAL " + (BEFORE + 5) + "+" + (ASKED - 2)),
        backend.log().calls("backbone append"));
    assertEquals(0, backend.log().count("read [1, 2, 8]"));
    int[] question = fixture.tokenizer().encode(QUESTION);
    assertArrayEquals(
        new int[] {500, question[0], question[1]}, backend.texts().get(backend.texts().size() - 2));
  }

  @Test
  void framesAreSampledEvenlyAndThoseThatComeAgainEncodedOnce() {
    List<String> encoded = new ArrayList<>();
    for (int[] counts : new int[][] {{81, 32}, {9, 8}, {9, 32}, {1, 32}}) {
      FakeBackend backend = new FakeBackend().answering(EOS);
      videos(backend)
          .ask(request(frames(counts[0])).frameCount(counts[1]).build(), GenerationListener.NONE);
      assertEquals(counts[1], backend.log().count("fusion"));
      encoded.add(counts[0] + ", " + counts[1] + ": " + backend.log().count("encode"));
    }
    assertEquals(List.of("81, 32: 32", "9, 8: 8", "9, 32: 9", "1, 32: 1"), encoded);
    FakeBackend backend = new FakeBackend().answering(EOS);
    videos(backend).ask(frames(40), QUESTION);
    assertEquals(32, backend.log().count("encode"));
  }

  @Test
  void latentsOfAllFramesAreDrawnTogether() {
    // The fake encoder gives mean 0 and log-variance 0.
    HostTensor latents = latents(3, 7, LatentChoice.SAMPLE);
    assertEquals(Shape.of(3, 16, 1, 4, 4), latents.shape());
    assertArrayEquals(new TorchRandom(7).normals(3 * 256), latents.values());
    assertNotEquals(latents, latents(3, 8, LatentChoice.SAMPLE));
    assertArrayEquals(new float[3 * 256], latents(3, 7, LatentChoice.MEAN).values());
  }

  private static HostTensor latents(int frames, long seed, LatentChoice choice) {
    return new VideoInput(fixture.model(new FakeBackend()), frames(frames), choice, seed)
        .latents(new RequestContext(GenerationListener.NONE));
  }

  @Test
  void framesAreSeenWhole() {
    // White, twice as wide as high: a letterbox has black above and below, a crop has none.
    BufferedImage wide = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 64; x++) {
        wide.setRGB(x, y, 0xffffff);
      }
    }
    List<float[]> pixels = new ArrayList<>();
    FakeBackend backend = new FakeBackend().answering(EOS).watchingPixels(pixels::add);
    videos(backend).ask(request(List.of(wide)).frameCount(1).build(), GenerationListener.NONE);
    assertEquals(-1, pixels.get(0)[0]);
    assertEquals(1, pixels.get(0)[16 * 32]);
  }

  @Test
  void aSecondQuestionEncodesNothing() {
    FakeBackend backend = new FakeBackend().answering(EOS, 11, EOS);
    try (Conversation conversation =
        videos(backend).open(frames(9), 8, ConversationOptions.DEFAULTS)) {
      conversation.ask("x");
      int first = backend.log().calls().size();
      conversation.ask("y");
      List<String> second = backend.log().calls().subList(first, backend.log().calls().size());
      assertTrue(
          second.stream().noneMatch(call -> call.matches("(encode|fusion|time).*")), "" + second);
      assertEquals(8, backend.log().count("encode"));
      assertEquals(2, second.stream().filter(call -> call.startsWith("backbone")).count());
    }
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void endsWithinOneFrameWhenItIsCancelled() {
    for (String stage : List.of("encode", "fusion")) {
      FakeBackend backend = new FakeBackend();
      GenerationListener cancelling =
          new GenerationListener() {
            @Override
            public boolean cancelled() {
              return backend.log().count(stage) == 3;
            }
          };
      assertFails(
          CancelledException.class,
          () -> videos(backend).ask(request(frames(8)).build(), cancelling),
          "cancelled");
      assertEquals(3, backend.log().count(stage));
      assertEquals(0, backend.log().stillOpen());
    }
  }

  @Test
  void everythingIsClosedWhateverFails() {
    fixture.assertNothingLeaks(
        () -> new FakeBackend().answering(11, EOS),
        model ->
            new VideoUnderstanding(model)
                .ask(request(frames(4)).frameCount(4).build(), GenerationListener.NONE));
  }

  @Test
  void theListenerIsToldTheTask() {
    List<Task> tasks = new ArrayList<>();
    GenerationListener listener =
        new GenerationListener() {
          @Override
          public void started(Task task) {
            tasks.add(task);
          }
        };
    videos(new FakeBackend().answering(EOS)).ask(request(frames(1)).build(), listener);
    assertEquals(List.of(Task.VIDEO_UNDERSTANDING), tasks);
  }

  @Test
  void refusesWhatCannotBeAnsweredBeforeAnyStage() {
    FakeBackend backend = new FakeBackend().without(Stage.FUSION_RESIZE);
    assertFails(
        UnsupportedFeatureException.class,
        () -> videos(backend).ask(frames(1), QUESTION),
        "cannot do video understanding with this bundle: it lacks fusion_resize;");
    FakeBackend whole = new FakeBackend();
    assertFails(
        InvalidRequestException.class,
        () -> videos(whole).ask(List.of(), QUESTION),
        "frames: at least one image is needed, found none");
    assertFails(
        InvalidRequestException.class,
        () -> videos(whole).ask(Arrays.asList(frames(1).get(0), null), QUESTION),
        "frame 2 of 2: an image is needed, found null");
    assertFails(
        InvalidRequestException.class,
        () -> request(frames(1)).frameCount(0).build(),
        "frame count: at least 1 is needed, found 0");
    assertFails(
        InvalidRequestException.class,
        () ->
            videos(whole)
                .ask(
                    request(frames(1)).frameCount(Integer.MAX_VALUE).build(),
                    GenerationListener.NONE),
        "frame count: this model can look at 16384 frames at most, found 2147483647");
    assertFails(
        InvalidRequestException.class,
        () ->
            videos(whole)
                .ask(request(frames(1)).frameCount(16_384).build(), GenerationListener.NONE),
        "conversation: up to 32768 positions are taken, found 0 so far, 32807 of the question");
    assertFails(
        InvalidRequestException.class,
        () -> VideoUnderstandingRequest.of(frames(1), null),
        "question: text is needed, found null");
    assertFails(
        InvalidRequestException.class,
        () -> videos(whole).open(frames(1), 0, ConversationOptions.DEFAULTS),
        "frame count: at least 1 is needed, found 0");
    assertEquals(
        List.of(), Stream.of(backend, whole).flatMap(each -> each.log().calls().stream()).toList());
  }

  private static VideoUnderstandingRequest.Builder request(List<BufferedImage> frames) {
    return VideoUnderstandingRequest.builder(frames, QUESTION);
  }

  private static VideoUnderstanding videos(FakeBackend backend) {
    return new VideoUnderstanding(fixture.model(backend));
  }

  private static List<BufferedImage> frames(int count) {
    return Stream.generate(() -> new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB))
        .limit(count)
        .toList();
  }
}
