package dev.showo2.pipeline;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.UnsupportedFeatureException;
import dev.showo2.media.Outpainting;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refuses invalid changes before a stage is called and before the listener is started. */
class ImageToImageRefusalTest {

  private static final BufferedImage IMAGE = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final FakeBackend backend = new FakeBackend();
  private final List<String> events = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, -0.1f, 1.1f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY})
  void strengthsOutOfTheirRange(float strength) {
    assertFails(
        InvalidRequestException.class,
        () -> request().strength(strength).build(),
        "strength: a number from 0 (as it is) to 1 (drawn anew) is needed, found " + strength);
  }

  @Test
  void strengthsAtTheEndsOfTheirRangeAreTaken() {
    assertEquals(0, request().strength(0).build().strength());
    assertEquals(1, request().strength(1).build().strength());
    assertEquals(0.75f, ImageToImageRequest.of(IMAGE, "").strength());
  }

  @Test
  void masksOfAnotherSize() {
    for (int[] size : new int[][] {{50, 40}, {40, 49}, {41, 50}, {1, 1}}) {
      BufferedImage mask = new BufferedImage(size[0], size[1], BufferedImage.TYPE_BYTE_GRAY);
      assertFails(
          InvalidRequestException.class,
          () -> request().mask(mask).build(),
          "mask: the image's size is needed, 40x50 pixels, found " + size[0] + "x" + size[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x030201})
  void masksThatSelectNothing(int rgb) {
    BufferedImage mask = new BufferedImage(40, 50, BufferedImage.TYPE_INT_RGB);
    mask.setRGB(5, 5, rgb);
    assertFails(
        InvalidRequestException.class,
        () -> request().mask(mask).build(),
        "mask: something that may change is needed, white or transparent, found nothing; leave the"
            + " mask out to change all of the image");
  }

  @Test
  void masksThatCanBeMeantInTwoWays() {
    BufferedImage layer = new BufferedImage(40, 50, BufferedImage.TYPE_INT_ARGB);
    layer.setRGB(5, 5, 0xffffffff);
    assertFails(
        InvalidRequestException.class,
        () -> request().mask(layer).build(),
        "mask: ",
        "this one can be meant either way");
  }

  /** The model draws a square, for which the top and the bottom are cut off. */
  @Test
  void masksThatSelectNothingOfWhatIsEdited() {
    BufferedImage mask = new BufferedImage(40, 50, BufferedImage.TYPE_BYTE_GRAY);
    mask.setRGB(5, 0, 0xffffffff);
    assertRefused(
        request().mask(mask).build(),
        "mask: something that may change is needed, white or transparent, found nothing in what is"
            + " edited: the model draws 32x32 pixels, for which the middle of the 40x50 is taken;"
            + " cut image and mask to that shape first");
    assertRefused(
        ImageToImageRequest.outpainting(Outpainting.around(IMAGE, 0, 4, 0, 0), "").build(),
        "found nothing in what is edited");
  }

  @Test
  void initialLatents() {
    HostTensor latents = new HostTensor(Shape.of(1, 16, 1, 4, 4), new float[256]);
    assertFails(
        InvalidRequestException.class,
        () -> request().initialLatents(latents).build(),
        "initial latents: an image that is changed starts from itself; leave them out");
  }

  @Test
  void sizesThatTheModelDoesNotDraw() {
    assertRefused(
        request().size(48, 32).build(),
        "size: this model generates images of 32x32 pixels only, found 48x32");
    assertRefused(
        request().size(32, 33).build(), "height: a multiple of 16", "found 33; the nearest is 32");
  }

  @Test
  void promptsThatAreTooLong() {
    assertRefused(
        ImageToImageRequest.of(IMAGE, "one two three four five six seven"),
        "prompt: this model takes up to");
  }

  /** Times that floats cannot tell apart are found before the image is encoded. */
  @Test
  void shiftsThatAreTooExtreme() {
    assertRefused(
        request().timeShift(Float.MAX_VALUE).build(),
        "shift: expected finite, strictly increasing");
    assertRefused(
        request().timeShift(1e-8f).strength(0.999f).build(),
        "shift: expected finite, strictly increasing");
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"VAE_IMAGE_ENCODER", "FUSION", "BACKBONE", "FLOW_HEAD", "VAE_IMAGE_DECODER"})
  void stagesThatTheBackendLacks(Stage stage) {
    backend.without(stage).without(Stage.LANGUAGE_HEAD);
    assertFails(
        UnsupportedFeatureException.class,
        () -> change(request().build()),
        "cannot do image to image with this bundle: it lacks " + stage.id() + ";");
    assertEquals(List.of(), backend.log().calls());
    assertEquals(List.of(), events);
  }

  @Test
  void argumentsThatAreNull() {
    OptionalInt open = OptionalInt.empty();
    Optional<BufferedImage> all = Optional.empty();
    FlowOptions options = FlowOptions.DEFAULTS;
    assertFails(
        InvalidRequestException.class,
        () -> ImageToImageRequest.of(null, ""),
        "image: an image is needed, found null");
    assertFails(
        InvalidRequestException.class,
        () -> ImageToImageRequest.of(IMAGE, null),
        "prompt: text is needed");
    assertFails(NullPointerException.class, () -> request().mask(null), "mask");
    assertFails(NullPointerException.class, () -> request().options(null), "options");
    assertFails(
        NullPointerException.class, () -> ImageToImageRequest.outpainting(null, ""), "outpainting");
    assertFails(NullPointerException.class, () -> new ImageToImage(null), "model");
    ImageToImage images = new ImageToImage(fixture.model(backend));
    assertFails(NullPointerException.class, () -> images.generate(null), "request");
    assertFails(
        NullPointerException.class, () -> images.generate(request().build(), null), "listener");
    assertEquals(List.of(), backend.log().calls());
  }

  /** One step is left of ten, and guidance ends before it. */
  @Test
  void aNegativePromptThatTakesPartInNoStepThatIsLeft() {
    assertRefused(
        request()
            .steps(11)
            .timeShift(1)
            .strength(0.1f)
            .guidanceScale(2)
            .guidanceEnd(0.4f)
            .negativePrompt("a")
            .build(),
        "negative prompt: ",
        "(guidance end 0.4 of 1 steps is none)");
  }

  private static ImageToImageRequest.Builder request() {
    return ImageToImageRequest.builder(IMAGE, "");
  }

  private void assertRefused(ImageToImageRequest request, String... parts) {
    assertFails(InvalidRequestException.class, () -> change(request), parts);
    assertEquals(List.of(), backend.log().calls());
    assertEquals(List.of(), events);
  }

  private void change(ImageToImageRequest request) {
    new ImageToImage(fixture.model(backend)).generate(request, Listeners.recording(events, 1));
  }
}
