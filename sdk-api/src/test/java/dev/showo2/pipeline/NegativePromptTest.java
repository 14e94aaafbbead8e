package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.FakeBundle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the prompt that guidance pushes away from, in place of the empty one. */
class NegativePromptTest {

  private static final String NEGATIVE = "blue";
  private static final BufferedImage IMAGE = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
  private static final FrameSink NOWHERE = (index, frame) -> {};

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

  /** A request of each task that takes one. */
  static Stream<BiConsumer<LoadedModel, FlowOptions>> requests() {
    return Stream.of(
        (model, options) ->
            new TextToImage(model)
                .generate(TextToImageRequest.builder("a").options(options).build()),
        (model, options) ->
            new ImageToImage(model)
                .generate(ImageToImageRequest.builder(IMAGE, "a").options(options).build()),
        (model, options) ->
            new TextToVideo(model)
                .generate(TextToVideoRequest.builder("a").options(options).build(), NOWHERE),
        (model, options) ->
            new ImageToVideo(model)
                .generate(
                    ImageToVideoRequest.builder(IMAGE, "a").options(options).build(), NOWHERE),
        (model, options) ->
            new Story(model)
                .tell(Stories.request("a").options(options).laterGuidanceScale(0).build()));
  }

  @Test
  void imagesHaveItBetweenBosAndBoi() {
    draw(TextToImageRequest.builder("a red circle").negativePrompt(NEGATIVE).build());
    assertEquals(2, backend.texts().size());
    assertArrayEquals(framed(499), backend.texts().get(1));
  }

  @Test
  void videosHaveItBetweenBosAndBov() {
    TextToVideoRequest request = TextToVideoRequest.builder("a").negativePrompt(NEGATIVE).build();
    new TextToVideo(fixture.model(backend)).generate(request, NOWHERE);
    assertArrayEquals(framed(506), backend.texts().get(1));
  }

  @Test
  void guidancePushesAwayFromIt() {
    float[] noise = new TorchRandom(7).normals(256);
    float with = fixture.tokenizer().encode("a red circle").length + 2;
    float without = fixture.tokenizer().encode(NEGATIVE).length + 2;
    GeneratedImage result =
        draw(
            TextToImageRequest.builder("a red circle")
                .negativePrompt(NEGATIVE)
                .guidanceScale(3)
                .seed(7)
                .build());
    // Each branch's velocity is the length of its text, and the flow takes one unit of time.
    float expected = without + 3 * (with - without);
    for (int i = 0; i < noise.length; i++) {
      assertEquals(noise[i] + expected, result.latents().values()[i], 1e-4f);
    }
  }

  @Test
  void theSettingsCarryIt() {
    TextToImageRequest.Builder request = TextToImageRequest.builder("a");
    assertFalse(draw(request.build()).settings().entries().containsKey("negative_prompt"));
    assertEquals(
        NEGATIVE,
        draw(request.negativePrompt(NEGATIVE).build()).settings().entries().get("negative_prompt"));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void refusedWhereThereIsNoGuidance(BiConsumer<LoadedModel, FlowOptions> request) {
    assertRefused(
        request,
        FlowOptions.builder().guidanceScale(0).negativePrompt(NEGATIVE).build(),
        "negative prompt: ",
        "guidance, which is off (guidance scale 0); raise the guidance scale or leave");
    assertRefused(
        request,
        FlowOptions.builder().guidanceScale(1).negativePrompt(NEGATIVE).build(),
        "negative prompt: ",
        "guidance, which is off (guidance scale 1); raise the guidance scale or leave");
    assertRefused(
        request,
        FlowOptions.builder().guidanceEnd(0).negativePrompt(NEGATIVE).build(),
        "negative prompt: ",
        "guidance, which is off (guidance end 0); raise the guidance end or leave");
  }

  /** A share that rounds to no step at all. */
  @ParameterizedTest
  @MethodSource("requests")
  void refusedWhereGuidanceEndsBeforeTheFirstStep(BiConsumer<LoadedModel, FlowOptions> request) {
    assertRefused(
        request,
        FlowOptions.builder().steps(11).guidanceEnd(0.04f).negativePrompt(NEGATIVE).build(),
        "negative prompt: ",
        "guidance, which is off (guidance end 0.04 of 10 steps is none); raise the guidance end or");
  }

  @ParameterizedTest
  @MethodSource("requests")
  void refusedWhereItIsTooLong(BiConsumer<LoadedModel, FlowOptions> request) {
    String tooLong = "one two three four five six seven";
    assertRefused(
        request,
        FlowOptions.builder().negativePrompt(tooLong).build(),
        "negative prompt: this model takes up to " + FakeBundle.MAX_PROMPT + " tokens, found ",
        "shorten it");
  }

  private void assertRefused(
      BiConsumer<LoadedModel, FlowOptions> request, FlowOptions options, String... parts) {
    assertFails(
        InvalidRequestException.class,
        () -> request.accept(fixture.model(backend), options),
        parts);
    assertEquals(List.of(), backend.log().calls());
  }

  private GeneratedImage draw(TextToImageRequest request) {
    return new TextToImage(fixture.model(backend)).generate(request);
  }

  /** bos, the negative prompt, and what opens an image or video. */
  private static int[] framed(int last) {
    IntStream.Builder ids = IntStream.builder().add(491);
    IntStream.of(fixture.tokenizer().encode(NEGATIVE)).forEach(ids::add);
    return ids.add(last).build().toArray();
  }
}
