package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.media.video.FrameSink;
import dev.showo2.pipeline.internal.LoadedModel;
import dev.showo2.stage.Stage;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks the steps that have previews and their cost: two images for each of 16 channels, and one
 * more.
 */
class PreviewTest {

  /** An image of colored squares that the map of previews is fitted to. */
  private static final String PROBE = "encode [1, 3, 1, 96, 96]";

  private static final int PROBES = 6;
  private static final FrameSink NOWHERE = (index, frame) -> {};

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend();
  private final List<Preview> previews = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1 2 3 4 5", "2, 2 4", "3, 3", "5, 5", "6, ''"})
  void theyComeAfterEachNthStep(int every, String steps) {
    draw(fixture.model(backend), every);
    assertEquals(
        steps, String.join(" ", previews.stream().map(preview -> "" + preview.step()).toList()));
  }

  @Test
  void thatOfAImageIsOneFrameWithAPixelForEachLatent() {
    draw(fixture.model(backend), 3);
    assertEquals(1, previews.get(0).frames().size());
    assertEquals(4, previews.get(0).image().getWidth());
    assertEquals(4, previews.get(0).image().getHeight());
  }

  @Test
  void thatOfAVideoHasAFrameForEachLatentFrame() {
    TextToVideoRequest request = TextToVideoRequest.builder("a").latentFrames(3).build();
    new TextToVideo(fixture.model(backend))
        .generate(request, NOWHERE, Listeners.previewing(2, previews));
    assertEquals(1, previews.size());
    assertEquals(3, previews.get(0).frames().size());
    for (BufferedImage frame : previews.get(0).frames()) {
      assertEquals(2, frame.getWidth());
      assertEquals(4, frame.getHeight());
    }
    assertEquals(PROBES, backend.log().count(PROBE));
    assertEquals(0, backend.log().count("decode"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void whereNobodyAsksNothingIsDecodedForThem(int every) {
    draw(fixture.model(backend), every);
    assertEquals(List.of(), previews);
    assertEquals(List.of("decode [1, 16, 1, 4, 4]"), backend.log().calls("decode"));
  }

  @Test
  void theMapIsReadOffOncePerModel() {
    LoadedModel model = fixture.model(backend);
    draw(model, 1);
    draw(model, 1);
    assertEquals(10, previews.size());
    assertEquals(PROBES, backend.log().count(PROBE));
    assertEquals(2, backend.log().count("decode"));
  }

  @Test
  void aModelThatOnlyKnowsVideosHasPreviewsToo() {
    backend.without(Stage.VAE_IMAGE_DECODER).without(Stage.VAE_IMAGE_ENCODER);
    new TextToVideo(fixture.model(backend))
        .generate(TextToVideoRequest.of("a"), NOWHERE, Listeners.previewing(1, previews));
    assertEquals(3, previews.size());
    assertEquals(PROBES, backend.log().count("stream decode [1, 16, 1, 12, 12]"));
    assertEquals(PROBES + 1, backend.log().count("stream open"));
    assertEquals(0, backend.log().count("decode"));
    assertEquals(0, backend.log().stillOpen());
  }

  @Test
  void previewsChangeNothing() {
    TextToImageRequest request = TextToImageRequest.builder("a").seed(7).build();
    TextToImage images = new TextToImage(fixture.model(backend));
    assertEquals(
        images.generate(request).latents(),
        images.generate(request, Listeners.previewing(1, previews)).latents());
    assertEquals(3, previews.size());
  }

  @Test
  void stepsAfterGuidanceEndedAreCountedOn() {
    TextToImageRequest request = TextToImageRequest.builder("a").steps(6).guidanceEnd(0.5f).build();
    new TextToImage(fixture.model(backend)).generate(request, Listeners.previewing(2, previews));
    assertEquals(List.of(2, 4), previews.stream().map(Preview::step).toList());
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT_TO_IMAGE", "IMAGE_TO_VIDEO", "STORY"})
  void everythingIsClosedWhateverFails(EachTask task) {
    fixture.assertNothingLeaks(
        task::backend, model -> task.run(model, Listeners.previewing(1, new ArrayList<>())));
  }

  @Test
  void framesCannotBeChanged() {
    List<BufferedImage> frames = new ArrayList<>();
    frames.add(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB));
    Preview preview = new Preview(0, 1, frames);
    frames.clear();
    assertEquals(1, preview.frames().size());
    assertTrue(preview.frames().contains(preview.image()));
  }

  /** An image in five steps. */
  private void draw(LoadedModel model, int every) {
    new TextToImage(model)
        .generate(
            TextToImageRequest.builder("a").steps(6).build(),
            Listeners.previewing(every, previews));
  }
}
