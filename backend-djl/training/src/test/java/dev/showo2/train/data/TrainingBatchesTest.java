package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.CancelledException;
import dev.showo2.error.InvalidRequestException;
import dev.showo2.sampler.TorchRandom;
import dev.showo2.tensor.HostTensor;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.Messages;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.BatchSource.Drawn;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches: order, noise, padding, and going on from a saved position. */
class TrainingBatchesTest {

  @TempDir private static Path folder;
  private static TextTokenizer tokenizer;

  private final FakeBackend backend = FakeBackend.of(DataFixture.SIZES);
  private final PixelEncoder encoder = PixelEncoder.in(backend);

  @BeforeAll
  static void open() {
    tokenizer = ReferenceTokenizer.load(folder);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static TrainingData.Builder data() {
    return TrainingData.builder(tokenizer, DataFixture.SIZES).seed(7);
  }

  private static TrainingData.Builder mixed() {
    return data()
        .add(DataFixture.loader(DataFixture.captioned(11), RowKind.TEXT_TO_IMAGE).rows(2).build())
        .add(DataFixture.loader(DataFixture.captioned(5), RowKind.CAPTION).length(40).build())
        .add(DataFixture.loader(DataFixture.dialogs(7), RowKind.CONVERSATION).build());
  }

  private static TrainingData inOrder() {
    return data()
        .add(
            DataFixture.loader(DataFixture.captioned(11), RowKind.TEXT_TO_IMAGE)
                .rows(2)
                .shuffled(false)
                .build())
        .add(DataFixture.loader(DataFixture.captioned(5), RowKind.CAPTION).shuffled(false).build())
        .add(
            DataFixture.loader(DataFixture.dialogs(7), RowKind.CONVERSATION)
                .shuffled(false)
                .build())
        .build();
  }

  private List<Drawn> draw(TrainingData data, int count) {
    List<Drawn> drawn = new ArrayList<>();
    try (TrainingBatches batches = data.open(backend)) {
      for (int i = 0; i < count; i++) {
        batches.next().ifPresent(drawn::add);
      }
    }
    return drawn;
  }

  private static TrainingBatch rows(Drawn drawn) {
    return assertInstanceOf(TrainingBatch.class, drawn.batch());
  }

  private static void assertSame(Drawn expected, Drawn actual) {
    assertEquals(expected.origins(), actual.origins());
    assertEquals(expected.next(), actual.next());
    assertArrayEquals(rows(expected).times(), rows(actual).times());
    assertEquals(rows(expected).latents(), rows(actual).latents());
    assertEquals(rows(expected).targets(), rows(actual).targets());
    assertEquals(rows(expected).dropoutSeed(), rows(actual).dropoutSeed());
    for (int i = 0; i < rows(expected).rows().size(); i++) {
      Row a = rows(expected).rows().get(i);
      Row b = rows(actual).rows().get(i);
      assertArrayEquals(a.tokens(), b.tokens());
      assertArrayEquals(a.labels(), b.labels());
      assertArrayEquals(a.flowMask(), b.flowMask());
      assertEquals(a.spans(), b.spans());
    }
  }

  @Test
  void loadersSideBySideShareLengthAndShape() {
    Drawn drawn = draw(mixed().build(), 1).get(0);
    TrainingBatch batch = rows(drawn);
    assertEquals(4, batch.rows().size());
    assertEquals(60, batch.length());
    assertEquals(List.of(4L, 16L, 4L, 4L), dimensions(batch.latents()));
    assertEquals(504, batch.rows().get(2).tokens()[59], "padded");
    assertEquals(TrainingBatch.NO_LABEL, batch.rows().get(2).labels()[59]);
    assertTrue(batch.times()[0] < 1 && batch.times()[1] < 1);
    assertEquals(1, batch.times()[2]);
    assertEquals(1, batch.times()[3]);
    assertEquals(5, count(batch.rows().get(0).flowMask()));
    assertEquals(0, count(batch.rows().get(2).flowMask()));
    assertTrue(drawn.origins().get(0).startsWith("TEXT_TO_IMAGE, example "));
  }

  private static List<Long> dimensions(HostTensor tensor) {
    List<Long> dimensions = new ArrayList<>();
    for (int i = 0; i < tensor.shape().rank(); i++) {
      dimensions.add(tensor.shape().dimension(i));
    }
    return dimensions;
  }

  private static int count(boolean[] mask) {
    int count = 0;
    for (boolean set : mask) {
      count += set ? 1 : 0;
    }
    return count;
  }

  @Test
  void aPassTakesEachExampleOnceInAnOrderOfItsOwn() {
    TrainingData data =
        data()
            .add(DataFixture.loader(DataFixture.captioned(12), RowKind.CAPTION).rows(3).build())
            .build();
    List<String> origins =
        draw(data, 8).stream().flatMap(drawn -> drawn.origins().stream()).toList();
    List<String> first = origins.subList(0, 12);
    List<String> second = origins.subList(12, 24);
    assertEquals(12, new HashSet<>(first).size());
    assertEquals(new HashSet<>(first), new HashSet<>(second));
    assertNotEquals(first, second);
    assertEquals(origins, origins(data, 8), "the same seed");
  }

  private List<String> origins(TrainingData data, int count) {
    return draw(data, count).stream().flatMap(drawn -> drawn.origins().stream()).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 100, 1000})
  void aShuffleIsAPermutation(int size) {
    Shuffle shuffle = new Shuffle(size, 5, 1, 2);
    List<Long> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(shuffle.index(i));
    }
    List<Long> sorted = new ArrayList<>(order);
    Collections.sort(sorted);
    for (int i = 0; i < size; i++) {
      assertEquals(i, sorted.get(i));
    }
    if (size >= 9) {
      assertNotEquals(sorted, order);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aResumedSourceGoesOnToTheBit(int readAhead) {
    TrainingData data = mixed().readAhead(readAhead).build();
    List<Drawn> whole = draw(mixed().build(), 14);
    for (int cut : new int[] {0, 4, 9}) {
      try (TrainingBatches batches = data.open(backend)) {
        batches.next();
        batches.next();
        batches.resume(whole.get(cut).next());
        for (int i = cut + 1; i < whole.size(); i++) {
          assertSame(whole.get(i), batches.next().orElseThrow());
        }
      }
    }
  }

  @Test
  void aPositionOfOtherDataIsRefused() {
    String state = draw(mixed().build(), 1).get(0).next();
    try (TrainingBatches other = mixed().seed(8).build().open(backend)) {
      Messages.assertFails(
          InvalidRequestException.class, () -> other.resume(state), "found others");
      Messages.assertFails(
          InvalidRequestException.class, () -> other.resume("{}"), "position in the data");
      Messages.assertFails(
          InvalidRequestException.class,
          () -> other.resume(state.replaceAll("\"random\":\"....", "\"random\":\"")),
          "a state has");
      assertTrue(other.next().isPresent(), "a refused position changes nothing");
    }
  }

  @Test
  void latentsNoiseAndTimesAreDrawnInTheOfficialOrder() {
    TrainingBatch batch = rows(draw(inOrder(), 1).get(0));
    int size = 16 * 4 * 4;
    TorchRandom random = new TorchRandom(7);
    float[] eps = random.normals(4 * size);
    int[] grays = {0, 1, 0, 100};
    for (int i = 0; i < 4; i++) {
      float[] data = new float[size];
      for (int k = 0; k < size; k++) {
        float deviation = (float) StrictMath.exp(0.5f * PixelEncoder.LOG_VARIANCE);
        data[k] = DataFixture.latent(grays[i]) + deviation * eps[i * size + k];
      }
      LinearPath.Point point = new LinearPath(5).draw(data, i >= 2, random);
      assertEquals(point.time(), batch.times()[i]);
      assertArrayEquals(
          point.latents(), Arrays.copyOfRange(batch.latents().values(), i * size, (i + 1) * size));
      assertArrayEquals(
          point.target(), Arrays.copyOfRange(batch.targets().values(), i * size, (i + 1) * size));
    }
  }

  @Test
  void promptsAreDroppedAndImagesCleanAsOftenAsSaid() {
    int dropped = 0;
    int clean = 0;
    boolean[] lengths = new boolean[4];
    TrainingData data =
        data()
            .mixing(LoaderMixing.IN_TURN)
            .add(
                DataFixture.loader(DataFixture.captioned(40), RowKind.TEXT_TO_IMAGE)
                    .rows(40)
                    .build())
            .add(
                DataFixture.loader(DataFixture.stories(20, 4), RowKind.INTERLEAVED)
                    .rows(40)
                    .length(120)
                    .build())
            .build();
    for (Drawn drawn : draw(data, 40)) {
      TrainingBatch batch = rows(drawn);
      for (int i = 0; i < batch.rows().size(); i++) {
        List<Span> spans = batch.rows().get(i).spans();
        if (spans.size() == 1) {
          dropped += spans.get(0).offset() == 2 ? 1 : 0;
        } else {
          int first = 0;
          while (batch.times()[4 * i + first] == 1) {
            first++;
          }
          clean += first > 0 ? 1 : 0;
          lengths[first] = true;
          assertEquals(5 * (4 - first), count(batch.rows().get(i).flowMask()));
        }
      }
    }
    assertEquals(0.1, dropped / 800.0, 0.03);
    assertEquals(0.7, clean / 800.0, 0.05);
    assertArrayEquals(new boolean[] {true, true, true, true}, lengths);
  }

  @Test
  void missingImagesOfAStoryHaveNoPositionsAndLongStoriesAreTakenInPart() {
    UnaryOperator<RowLoader.Builder> settings = builder -> builder.length(120).mostImages(3);
    TrainingBatch batch =
        draw(
                data()
                    .mixing(LoaderMixing.IN_TURN)
                    .add(
                        settings
                            .apply(
                                DataFixture.loader(DataFixture.stories(3, 2), RowKind.INTERLEAVED))
                            .build())
                    .build(),
                1)
            .stream()
            .map(TrainingBatchesTest::rows)
            .findFirst()
            .orElseThrow();
    assertEquals(Span.NONE, batch.rows().get(0).spans().get(2));
    assertTrue(batch.times()[2] < 1, "its time is drawn");
    Drawn part =
        draw(
                data()
                    .add(
                        settings
                            .apply(
                                DataFixture.loader(DataFixture.stories(3, 6), RowKind.INTERLEAVED))
                            .build())
                    .build(),
                1)
            .get(0);
    assertFalse(rows(part).rows().get(0).spans().contains(Span.NONE));
  }

  @Test
  void rowsWithFewerImagesAreFilledUpWithEmptySlots() {
    TrainingBatch batch =
        draw(
                data()
                    .add(
                        DataFixture.loader(DataFixture.stories(3, 2), RowKind.INTERLEAVED)
                            .length(90)
                            .mostImages(2)
                            .build())
                    .add(DataFixture.loader(DataFixture.captioned(2), RowKind.CAPTION).build())
                    .build(),
                1)
            .stream()
            .map(TrainingBatchesTest::rows)
            .findFirst()
            .orElseThrow();
    Row caption = batch.rows().get(1);
    assertEquals(90, caption.tokens().length);
    assertEquals(List.of(new Span(2, 5), Span.NONE), caption.spans());
    assertEquals(1, batch.times()[2]);
    assertEquals(1, batch.times()[3], "what is understood has no noise, empty slots included");
    assertEquals(0, count(caption.flowMask()));
  }

  @Test
  void batchesAreDrawnByWeight() {
    TrainingData data =
        data()
            .mixing(LoaderMixing.BY_WEIGHT)
            .add(DataFixture.loader(DataFixture.captioned(9), RowKind.CAPTION).weight(3).build())
            .add(DataFixture.loader(DataFixture.dialogs(9), RowKind.CONVERSATION).build())
            .build();
    long captions =
        draw(data, 400).stream()
            .filter(drawn -> drawn.origins().get(0).startsWith("CAPTION"))
            .count();
    assertEquals(300, captions, 30);
  }

  @Test
  void aPassOfDataThatAreNotRepeatedEnds() {
    TrainingData data = mixed().repeated(false).passOf("text_to_image").build();
    try (TrainingBatches batches = data.open(backend)) {
      assertEquals(5, batches.batchesPerPass());
      for (int i = 0; i < 5; i++) {
        assertTrue(batches.next().isPresent());
      }
      assertTrue(batches.next().isEmpty());
      assertTrue(batches.next().isEmpty());
      assertEquals(20, batches.report().rows());
    }
  }

  @Test
  void unusableExamplesAreSkippedAndCountedOrEndTheRun() {
    List<Example> examples = new ArrayList<>(DataFixture.captioned(6));
    examples.add(2, new Example.Captioned(" ", ExampleMedia.of(DataFixture.image(1))));
    examples.add(new Example.Captioned("a", ExampleMedia.of(folder.resolve("none.png"))));
    examples.add(new Example.Captioned("a", ExampleMedia.of(folder.resolve("tokenizer.json"))));
    RowLoader loader =
        DataFixture.loader(examples, RowKind.CAPTION).shuffled(false).rows(3).build();
    try (TrainingBatches batches =
        data().add(loader).badExamples(BadExamples.SKIP).build().open(backend)) {
      for (int i = 0; i < 4; i++) {
        batches.next();
      }
      DataReport report = batches.report();
      assertEquals(12, report.rows());
      assertEquals(2L, report.counts().get(ExampleProblem.EMPTY_TEXT));
      assertEquals(1L, report.counts().get(ExampleProblem.MISSING_FILE));
      assertEquals(1L, report.counts().get(ExampleProblem.BROKEN_FILE));
      assertTrue(report.text().contains("4 examples skipped"), report.text());
      assertTrue(report.text().contains("CAPTION, example 8: expected an image"), report.text());
    }
    try (TrainingBatches batches = data().add(loader).build().open(backend)) {
      for (int i = 0; i < 2; i++) {
        Messages.assertFails(
            InvalidRequestException.class,
            batches::next,
            "CAPTION, example 3: expected text as caption, found none",
            "skipped");
      }
    }
  }

  @Test
  void dataWithoutOneUsableExampleAreRefused() {
    List<Example> blank = List.of(new Example.Captioned("", ExampleMedia.of(DataFixture.image(1))));
    RowLoader loader = DataFixture.loader(blank, RowKind.CAPTION).build();
    for (boolean repeated : new boolean[] {true, false}) {
      try (TrainingBatches batches =
          data()
              .add(loader)
              .badExamples(BadExamples.SKIP)
              .repeated(repeated)
              .build()
              .open(backend)) {
        Messages.assertFails(
            InvalidRequestException.class, batches::next, "can be used", "1 × empty text");
      }
    }
  }

  @Test
  void aConversationWithoutAnImageIsCountedAndHasABlackOne() {
    TrainingData data =
        data()
            .sampledLatents(false)
            .add(
                DataFixture.loader(DataFixture.dialogs(2), RowKind.CONVERSATION)
                    .rows(2)
                    .shuffled(false)
                    .build())
            .build();
    try (TrainingBatches batches = data.open(backend)) {
      TrainingBatch batch = rows(batches.next().orElseThrow());
      assertEquals(Span.NONE, batch.rows().get(1).spans().get(0));
      assertEquals(DataFixture.latent(100), batch.latents().values()[0]);
      assertEquals(-1, batch.latents().values()[16 * 4 * 4]);
      assertEquals(1, batch.times()[1]);
      assertEquals(1L, batches.report().counts().get(ExampleProblem.NO_IMAGE));
    }
  }

  @Test
  void videosHaveFramesAtTheirRate() {
    List<BufferedImage> frames = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      frames.add(DataFixture.image(i));
    }
    Example video = new Example.Captioned("moves", ExampleMedia.of(frames, 16));
    RowLoader loader = DataFixture.loader(List.of(video), RowKind.TEXT_TO_VIDEO).frames(9).build();
    TrainingBatch batch = rows(draw(data().sampledLatents(false).add(loader).build(), 1).get(0));
    assertEquals(List.of(1L, 16L, 3L, 4L, 4L), dimensions(batch.latents()));
    assertEquals(13, batch.rows().get(0).spans().get(0).length());
    float[] noise = new TorchRandom(7).normals(16 * 3 * 16);
    float[] data = new float[noise.length];
    for (int i = 0; i < data.length; i++) {
      data[i] = batch.targets().values()[i] + noise[i];
    }
    // Every second frame, of which the encoder shows the last of each chunk: 0, 8 and 16.
    assertEquals(DataFixture.latent(0), data[0], 1e-6f);
    assertEquals(DataFixture.latent(8), data[16], 1e-6f);
    assertEquals(DataFixture.latent(16), data[32], 1e-6f);
    RowLoader slow =
        DataFixture.loader(
                List.of(new Example.Captioned("a", ExampleMedia.of(frames.subList(0, 4), 4))),
                RowKind.VIDEO_CAPTION)
            .frames(9)
            .build();
    try (TrainingBatches batches = data().add(slow).build().open(backend)) {
      Messages.assertFails(
          InvalidRequestException.class, batches::next, "expected 9 frames at 8.0 a second");
    }
    assertEquals(1, draw(data().add(slowEnough(frames)).build(), 1).size());
  }

  private static RowLoader slowEnough(List<BufferedImage> frames) {
    return DataFixture.loader(
            List.of(new Example.Captioned("a", ExampleMedia.of(frames.subList(0, 5), 4))),
            RowKind.VIDEO_CAPTION)
        .frames(9)
        .build();
  }

  @Test
  void cachedLatentsGiveTheSameBatches(@TempDir Path cache) throws Exception {
    List<Drawn> uncached = draw(mixed().build(), 6);
    TrainingData data = mixed().latentCache(cache, "vae").build();
    for (int i = 0; i < 6; i++) {
      assertSame(uncached.get(i), draw(data, 6).get(i));
    }
    int before = encoder.calls();
    try (TrainingBatches batches = data.open(backend)) {
      assertTrue(batches.cachedBytes() > 0);
      for (int i = 0; i < 6; i++) {
        batches.next();
      }
    }
    assertEquals(1, encoder.calls() - before, "the black image alone");
    draw(mixed().latentCache(cache, "another").build(), 1);
    assertTrue(encoder.calls() - before > 2, "another VAE has other latents");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void anInterruptCancelsAndSkipsNothing(int readAhead, @TempDir Path images) throws Exception {
    Path file = images.resolve("a.png");
    ImageIO.write(DataFixture.image(3), "png", file.toFile());
    List<Example> examples = List.of(new Example.Captioned("a", ExampleMedia.of(file)));
    TrainingData data =
        data()
            .readAhead(readAhead)
            .badExamples(BadExamples.SKIP)
            .add(DataFixture.loader(examples, RowKind.CAPTION).build())
            .build();
    try (TrainingBatches batches = data.open(backend)) {
      assertTrue(batches.next().isPresent());
      Thread.currentThread().interrupt();
      assertThrows(CancelledException.class, batches::next);
      assertTrue(Thread.interrupted());
      assertEquals(0, batches.report().skipped());
    }
  }

  @Test
  void loadersOfOtherShapesCannotStandSideBySide() {
    TrainingData data =
        data()
            .add(DataFixture.loader(DataFixture.captioned(2), RowKind.CAPTION).build())
            .add(
                DataFixture.loader(DataFixture.captioned(2), RowKind.TEXT_TO_IMAGE)
                    .size(48, 32)
                    .build())
            .build();
    Messages.assertFails(
        InvalidRequestException.class, () -> data.open(backend), "32x32", "48x32", "by weight");
    TrainingData odd =
        data()
            .add(DataFixture.loader(DataFixture.captioned(2), RowKind.CAPTION).size(33, 32).build())
            .build();
    Messages.assertFails(
        InvalidRequestException.class, () -> odd.open(backend), "multiples of 16", "33x32");
  }
}
