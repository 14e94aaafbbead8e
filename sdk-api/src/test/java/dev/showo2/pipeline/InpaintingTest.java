package dev.showo2.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.media.Outpainting;
import dev.showo2.media.internal.ImagePreprocessor;
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
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** ImageArguments of which the left half may change; what the decoder gives is gray. */
class InpaintingTest {

  private static final int GRAY = 0xff7f7f7f;
  private static final float[] NOISE = new TorchRandom(7).normals(256);
  private static final HostTensor MEAN =
      new HostTensor(Shape.of(1, 16, 1, 4, 4), new TorchRandom(11).normals(256));

  @TempDir static Path folder;
  private static PipelineFixture fixture;

  private final List<DenoisingStep> steps = new ArrayList<>();

  @BeforeAll
  static void open() throws IOException {
    fixture = new PipelineFixture(folder, 4);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  @ParameterizedTest
  @EnumSource
  void latentsOutsideOfTheMaskAreTheKnownOnes(Solver solver) {
    GeneratedImage result =
        change(request(32, 32).solver(solver).guidanceScale(0).strength(1).build());
    // The velocity is the length of the prompt, and the flow takes one unit of time.
    float velocity = fixture.tokenizer().encode("a red circle").length + 2;
    for (int i = 0; i < NOISE.length; i++) {
      float found = result.latents().values()[i];
      if (isFree(i)) {
        assertEquals(NOISE[i] + velocity, found, 1e-4f);
      } else {
        assertEquals(MEAN.values()[i], found);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"EULER, 1", "RK4, 1", "EULER, 0.6", "MIDPOINT, 0.3"})
  void onTheWayTheyHaveTheNoiseOfTheirTime(Solver solver, float strength) {
    change(request(32, 32).solver(solver).strength(strength).steps(9).build());
    for (DenoisingStep step : steps) {
      for (int i = 0; i < NOISE.length; i++) {
        if (!isFree(i)) {
          float expected = step.time() * MEAN.values()[i] + (1 - step.time()) * NOISE[i];
          assertEquals(expected, step.latents().values()[i], 1e-5f, "time " + step.time());
        }
      }
    }
  }

  /** The last two are scaled and cut like the image. */
  @ParameterizedTest
  @CsvSource({"32, 32", "64, 64", "100, 80", "33, 70"})
  void pixelsOutsideOfTheMaskAreThoseOfTheImage(int width, int height) {
    ImageToImageRequest request = request(width, height).build();
    BufferedImage result = change(request).image();
    float[] known = ImagePreprocessor.centerCrop(request.image(), 32, 32).values();
    float[] free = ImagePreprocessor.centerCrop(request.mask().orElseThrow(), 32, 32).values();
    int kept = 0;
    for (int i = 0; i < 32 * 32; i++) {
      if (free[i] == -1) {
        assertEquals(packed(known, i), result.getRGB(i % 32, i / 32), "pixel " + i);
        kept++;
      }
    }
    assertEquals(16 * 32, kept, 2 * 32);
    assertEquals(GRAY, result.getRGB(0, 16));
  }

  @Test
  void theChangeSetsInGentlyInsideOfTheMask() {
    ImageToImageRequest request =
        ImageToImageRequest.builder(filled(0), "a").mask(mask(32, 32)).build();
    BufferedImage result = change(request).image();
    List<Integer> row = new ArrayList<>();
    for (int x = 10; x < 18; x++) {
      row.add(result.getRGB(x, 20) & 0xff);
    }
    // 127 in fifths.
    assertEquals(List.of(127, 127, 102, 76, 51, 25, 0, 0), row);
  }

  /** As other image APIs have it: the image itself, and what is transparent may change. */
  @Test
  void transparentPixelsOfAMaskMayChange() {
    ImageToImageRequest.Builder request =
        ImageToImageRequest.builder(image(32, 32), "a red circle").seed(7).strength(1);
    BufferedImage hole = new BufferedImage(32, 32, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        hole.setRGB(x, y, image(32, 32).getRGB(x, y) & 0xffffff | (x < 16 ? 0 : 0xff000000));
      }
    }
    GeneratedImage expected = change(request.mask(mask(32, 32)).build());
    GeneratedImage result = change(request.mask(hole).build());
    assertEquals(expected.latents(), result.latents());
    assertArrayEquals(pixels(expected.image()), pixels(result.image()));
    assertEquals(request.build().image().getRGB(20, 2), result.image().getRGB(20, 2));
  }

  @Test
  void aMaskThatAllowsAllIsAsGoodAsNone() {
    ImageToImageRequest.Builder request = ImageToImageRequest.builder(image(32, 32), "a").seed(7);
    GeneratedImage without = change(request.build());
    GeneratedImage with = change(request.mask(filled(0xffffff)).build());
    assertEquals(without.latents(), with.latents());
    assertArrayEquals(pixels(without.image()), pixels(with.image()));
    assertEquals(GRAY, with.image().getRGB(3, 3));
  }

  @Test
  void grayMasksLieBetween() {
    ImageToImageRequest.Builder request =
        ImageToImageRequest.builder(filled(0), "a").seed(7).strength(1).guidanceScale(0);
    float[] free = change(request.build()).latents().values();
    GeneratedImage half = change(request.mask(filled(0x808080)).build());
    float share = 128 / 255f;
    for (int i = 0; i < free.length; i++) {
      assertEquals(
          share * free[i] + (1 - share) * MEAN.values()[i], half.latents().values()[i], 1e-4f);
    }
    assertEquals(Math.round(share * 127), half.image().getRGB(5, 5) & 0xff);
  }

  @Test
  void withoutNoiseOnlyTheMaskedPartGoesThroughTheVae() {
    ImageToImageRequest request = request(32, 32).strength(0).build();
    GeneratedImage result = change(request);
    assertEquals(MEAN, result.latents());
    assertEquals(GRAY, result.image().getRGB(2, 2));
    assertEquals(request.image().getRGB(20, 2), result.image().getRGB(20, 2));
    assertNotEquals(GRAY, result.image().getRGB(20, 2));
  }

  @Test
  void outpaintingLeavesTheImageAsItIs() {
    BufferedImage image = image(24, 32);
    ImageToImageRequest request =
        ImageToImageRequest.outpainting(Outpainting.around(image, 8, 0, 0, 0), "a").build();
    assertEquals(1, request.strength());
    BufferedImage result = change(request).image();
    assertArrayEquals(pixels(image), pixels(result.getSubimage(8, 0, 24, 32)));
    assertEquals(GRAY, result.getRGB(0, 16));
  }

  private GeneratedImage change(ImageToImageRequest request) {
    FakeBackend backend = new FakeBackend().encodingAs(MEAN);
    GeneratedImage result =
        new ImageToImage(fixture.model(backend)).generate(request, Listeners.collecting(steps));
    assertEquals(0, backend.log().stillOpen());
    return result;
  }

  private static ImageToImageRequest.Builder request(int width, int height) {
    return ImageToImageRequest.builder(image(width, height), "a red circle")
        .mask(mask(width, height))
        .seed(7);
  }

  /** Whether a latent is in the left half of its row of four. */
  private static boolean isFree(int latent) {
    return latent % 4 < 2;
  }

  private static BufferedImage image(int width, int height) {
    Random random = new Random(1);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, width, height, random.ints(width * height).toArray(), 0, width);
    return image;
  }

  private static BufferedImage mask(int width, int height) {
    BufferedImage mask = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width / 2; x++) {
        mask.setRGB(x, y, 0xffffff);
      }
    }
    return mask;
  }

  private static BufferedImage filled(int rgb) {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 32 * 32; i++) {
      image.setRGB(i % 32, i / 32, rgb);
    }
    return image;
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
  }

  private static int packed(float[] values, int at) {
    int rgb = 0xff;
    for (int channel = 0; channel < 3; channel++) {
      rgb = rgb << 8 | Math.round((values[channel * 1024 + at] + 1) / 2 * 255);
    }
    return rgb;
  }
}
