package dev.showo2.train.data;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.testing.FakeBackend;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.BatchSource.Drawn;
import dev.showo2.train.spi.DistillationBatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of distillation: latents and the features that a teacher has of their images. */
class DistillationDataTest {

  private static final Shape SHAPE = Shape.of(4, 8);
  private static final int IMAGES = 5;

  /** Pixels of each axis of the images that the teacher takes. */
  private static final int TEACHER_SIZE = 18;

  @TempDir private static Path folder;
  private static TextTokenizer tokenizer;

  private final FakeBackend backend = FakeBackend.of(DataFixture.SIZES);
  private final PixelEncoder encoder = PixelEncoder.in(backend);
  private final List<HostTensor> taught = new ArrayList<>();

  @BeforeAll
  static void open() throws Exception {
    tokenizer = ReferenceTokenizer.load(folder);
    Files.createDirectories(images());
    for (int i = 0; i < IMAGES; i++) {
      ImageIO.write(DataFixture.image(i), "png", images().resolve(i + ".png").toFile());
    }
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static Path images() {
    return folder.resolve("images");
  }

  private static RowLoader.Builder loader() {
    return RowLoader.builder(DataFormat.IMAGES.open(images(), null), RowKind.IMAGE);
  }

  private static TrainingData.Builder data(FeatureSource source) {
    return TrainingData.builder(tokenizer, DataFixture.SIZES).seed(7).features(source);
  }

  /** Features that say which image they are of, but for the last one, of which there are none. */
  private static FeatureSource stored() {
    return FeatureSource.stored(
        SHAPE,
        "stored",
        image -> {
          int number = Integer.parseInt(image.name().replaceAll(".*/|\\.png", ""));
          if (number == IMAGES - 1) {
            throw new BadExampleException(ExampleProblem.MISSING_FEATURES, "no features of 4.png");
          }
          return filled(number);
        });
  }

  private static HostTensor filled(float value) {
    float[] values = new float[(int) SHAPE.elementCount()];
    Arrays.fill(values, value);
    return new HostTensor(SHAPE, values);
  }

  /** Features that are the gray of the image. */
  private FeatureSource computed(Optional<Path> cache) {
    return computed(
        cache,
        pixels -> {
          taught.add(pixels);
          return new HostTensor(
              Shape.of(1, 4, 8), filled(255 * (pixels.values()[0] / 2 + 0.5f)).values());
        });
  }

  private static FeatureSource computed(Optional<Path> cache, UnaryOperator<HostTensor> features) {
    return FeatureSource.computed(SHAPE, "teacher", TEACHER_SIZE, features, cache);
  }

  private static DistillationBatch batch(Drawn drawn) {
    return assertInstanceOf(DistillationBatch.class, drawn.batch());
  }

  private List<Drawn> draw(TrainingData data, int count) {
    List<Drawn> drawn = new ArrayList<>();
    try (TrainingBatches batches = data.open(backend)) {
      assertEquals(List.of("distillation"), batches.losses());
      for (int i = 0; i < count; i++) {
        drawn.add(batches.next().orElseThrow());
      }
    }
    return drawn;
  }

  @Test
  void imagesAreCleanOrOnTheirWayFromNoise() {
    TrainingData data =
        data(stored())
            .badExamples(BadExamples.SKIP)
            .sampledLatents(false)
            .add(loader().rows(4).shuffled(false).cleanImages(0.5).build())
            .build();
    int clean = 0;
    int noised = 0;
    TorchRandom random = new TorchRandom(7);
    for (Drawn drawn : draw(data, 6)) {
      DistillationBatch batch = batch(drawn);
      assertEquals(Shape.of(4, 16, 4, 4), batch.latents().shape());
      assertEquals(Shape.of(4, 4, 8), batch.features().shape());
      for (int i = 0; i < 4; i++) {
        float[] pixel = new float[256];
        Arrays.fill(pixel, DataFixture.latent(i));
        float[] latents = Arrays.copyOfRange(batch.latents().values(), i * 256, (i + 1) * 256);
        LinearPath.Point way = new LinearPath(5).draw(pixel, false, random);
        if (Arrays.equals(pixel, latents)) {
          clean++;
        } else {
          assertArrayEquals(way.latents(), latents);
          noised++;
        }
        assertEquals(i, batch.features().values()[i * 32], "the features of the same image");
      }
    }
    assertEquals(24, clean + noised);
    assertTrue(clean > 6 && noised > 6, clean + " clean, " + noised + " noised");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aPositionGoesOnToTheBit(int readAhead) {
    TrainingData data =
        data(computed(Optional.empty())).readAhead(readAhead).add(loader().rows(2).build()).build();
    List<Drawn> whole = draw(data, 7);
    for (int cut = 0; cut < 6; cut++) {
      try (TrainingBatches batches = data.open(backend)) {
        batches.resume(whole.get(cut).next());
        Drawn next = batches.next().orElseThrow();
        assertEquals(whole.get(cut + 1), next);
      }
    }
  }

  @Test
  void aTeacherSeesTheImageAndIsCachedByContent(@TempDir Path cache) {
    TrainingData uncached =
        data(computed(Optional.empty())).add(loader().rows(IMAGES).build()).build();
    List<Drawn> expected = draw(uncached, 2);
    assertEquals(2 * IMAGES, taught.size());
    assertEquals(Shape.of(1, 3, TEACHER_SIZE, TEACHER_SIZE), taught.get(0).shape());
    taught.clear();
    TrainingData cached =
        data(computed(Optional.of(cache))).add(loader().rows(IMAGES).build()).build();
    assertEquals(expected, draw(cached, 2));
    int first = taught.size();
    assertTrue(first >= IMAGES && first < 2 * IMAGES, first + " computed");
    assertEquals(expected, draw(cached, 2));
    assertEquals(first, taught.size(), "all are in the cache");
    TrainingData another =
        data(FeatureSource.computed(
                SHAPE, "another", TEACHER_SIZE, pixels -> filled(1), Optional.of(cache)))
            .add(loader().rows(1).build())
            .build();
    assertEquals(1, batch(draw(another, 1).get(0)).features().values()[0], "of another teacher");
  }

  @Test
  void whatHasNoFeaturesIsNamedOrSkipped() {
    RowLoader loader = loader().shuffled(false).build();
    TrainingData stopping = data(stored()).add(loader).build();
    try (TrainingBatches batches = stopping.open(backend)) {
      for (int i = 0; i < IMAGES - 1; i++) {
        batches.next();
      }
      assertFails(
          InvalidRequestException.class, batches::next, "4.png: no features of 4.png; mend or");
    }
    TrainingData skipping = data(stored()).badExamples(BadExamples.SKIP).add(loader).build();
    try (TrainingBatches batches = skipping.open(backend)) {
      for (int i = 0; i < IMAGES; i++) {
        batches.next();
      }
      assertEquals(1L, batches.report().counts().get(ExampleProblem.MISSING_FEATURES));
    }
  }

  @Test
  void computedFeaturesThatAreNotFiniteStop() {
    TrainingData data =
        data(computed(Optional.empty(), pixels -> filled(Float.NaN)))
            .add(loader().shuffled(false).build())
            .build();
    try (TrainingBatches batches = data.open(backend)) {
      assertFails(
          InvalidRequestException.class, batches::next, "0.png: the teacher's features hold NaN");
    }
  }

  @Test
  void featuresOfOtherSizesAreRefused() {
    TrainingData large = data(stored()).add(loader().size(64, 64).build()).build();
    assertFails(
        InvalidRequestException.class,
        () -> large.open(backend),
        "features [4, 8] of an image",
        "need [16, 8], 4x4 tokens");
    TrainingData wide = data(computed(Optional.empty())).add(loader().size(64, 16).build()).build();
    assertFails(
        InvalidRequestException.class, () -> wide.open(backend), "of a square image", "1x4 tokens");
  }

  @Test
  void featuresAreForImagesAlone() {
    TrainingData.Builder captions =
        data(stored()).add(DataFixture.loader(DataFixture.captioned(1), RowKind.CAPTION).build());
    assertFails(
        IllegalArgumentException.class, captions::build, "caption: a teacher's features are for");
    TrainingData.Builder alone =
        TrainingData.builder(tokenizer, DataFixture.SIZES).add(loader().build());
    assertFails(IllegalArgumentException.class, alone::build, "image: rows of the kind IMAGE need");
  }

  @Test
  void aDryRunShowsImagesAndCountsWhatHasNoFeatures() throws Exception {
    TrainingData data = data(stored()).add(loader().shuffled(false).cleanImages(1).build()).build();
    StringBuilder out = new StringBuilder();
    DataReport report = DryRun.of(data).print(out, 1);
    assertEquals(4, report.rows());
    assertEquals(1L, report.counts().get(ExampleProblem.MISSING_FEATURES));
    assertTrue(
        out.toString()
            .startsWith(
                "image: 5 examples; features [4, 8] of a teacher, images of 32x32 pixels\nrow 1, "),
        out.toString());
    assertTrue(out.toString().contains("0.png\n  image: 4 tokens, clean, t = 1\n"), out.toString());
    assertEquals(0, encoder.calls());
  }
}
