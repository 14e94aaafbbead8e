package dev.showo2.samples.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Bundle;
import dev.showo2.samples.demo.WorldExamples.Part;
import dev.showo2.samples.testing.TestCache;
import dev.showo2.spi.BackendConfig;
import dev.showo2.testing.Messages;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.BatchSource.Drawn;
import dev.showo2.train.data.DataReport;
import dev.showo2.train.data.DryRun;
import dev.showo2.train.data.ExampleProblem;
import dev.showo2.train.data.RowKind;
import dev.showo2.train.data.RowLoader;
import dev.showo2.train.data.TrainingBatches;
import dev.showo2.train.data.TrainingData;
import dev.showo2.train.data.VideoLayout;
import dev.showo2.train.spi.LossWeights;
import dev.showo2.train.spi.ParameterGroup;
import dev.showo2.train.spi.TrainableModel;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingBatch.SpanKind;
import dev.showo2.train.spi.TrainingLosses;
import dev.showo2.train.spi.TrainingProvider;
import dev.showo2.train.spi.TrainingRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows of each task of the demo, and their mix. */
class DemoTaskTest {

  private static final long SEED = 3;
  private static final TaskMix ALL = new TaskMix(SEED, EnumSet.allOf(DemoTask.class));

  private static Bundle bundle;
  private static TextTokenizer tokenizer;
  private static TrainableModel model;

  @BeforeAll
  static void open() throws IOException {
    bundle = Bundle.open(TestCache.bundle());
    tokenizer = TextTokenizer.load(bundle.tokenizer());
    model =
        ServiceLoader.load(TrainingProvider.class)
            .findFirst()
            .orElseThrow()
            .open(
                bundle,
                BackendConfig.builder().threads(1).build(),
                TrainingRequest.builder(
                        List.of(new ParameterGroup("all", List.of("fusion_proj"), List.of())))
                    .build());
  }

  @AfterAll
  static void close() {
    model.close();
    tokenizer.close();
  }

  private static TaskBatches batches(TaskMix mix) {
    return TaskBatches.open(mix, SEED, tokenizer, bundle.architecture(), model.backend());
  }

  private static TrainingBatch batch(DemoTask task) {
    try (TaskBatches batches = batches(new TaskMix(SEED, Set.of(task)))) {
      return (TrainingBatch) batches.next().orElseThrow().batch();
    }
  }

  private static long labels(Row row) {
    return Arrays.stream(row.labels()).filter(label -> label != TrainingBatch.NO_LABEL).count();
  }

  private static int masked(Row row) {
    int count = 0;
    for (boolean set : row.flowMask()) {
      count += set ? 1 : 0;
    }
    return count;
  }

  private static String text(Row row) {
    return tokenizer.decode(row.tokens(), true);
  }

  @Test
  void imagesAreDrawnAndAskedAbout() {
    TrainingBatch batch = batch(DemoTask.IMAGES);
    assertEquals(28, batch.rows().size());
    for (int i = 0; i < 28; i++) {
      Row row = batch.rows().get(i);
      assertEquals(17, row.spans().get(0).length());
      assertEquals(i < 16 ? 17 : 0, masked(row));
      assertEquals(i < 16, labels(row) == 0);
      assertEquals(i < 16, batch.times()[i] < 1);
    }
  }

  @Test
  void chatsHaveTurnsAndAnImageOrNone() {
    TrainingBatch batch = batch(DemoTask.CHATS);
    for (int i = 0; i < 9; i++) {
      Row row = batch.rows().get(i);
      assertEquals(i < 6 ? SpanKind.VISUAL : SpanKind.UNUSED, row.spans().get(0).kind());
      assertTrue(labels(row) > 0);
      int turns = text(row).split("assistant\n", -1).length - 1;
      assertTrue(turns >= (i < 6 ? 2 : 1), text(row));
    }
  }

  @Test
  void storiesBeginWithTheirPrompts() {
    TrainingBatch batch = batch(DemoTask.STORIES);
    for (Row row : batch.rows()) {
      List<Span> used = row.spans().stream().filter(span -> span.length() > 0).toList();
      assertEquals(3, row.spans().size());
      assertTrue(used.size() == 2 || used.size() == 3 && !row.spans().contains(Span.NONE));
      String text = text(row);
      assertTrue(text.startsWith("Draw ") || text.startsWith("画"), text);
    }
  }

  @Test
  void videosAreMadeAndAnimated() {
    TrainingBatch batch = batch(DemoTask.VIDEOS);
    assertArrayEquals(new long[] {8, 16, 3, 8, 8}, batch.latents().shape().toArray());
    for (int i = 0; i < 8; i++) {
      Row row = batch.rows().get(i);
      assertEquals(49, row.spans().get(0).length());
      assertEquals(i < 4 ? 49 : 33, masked(row), "the first of three frames is given");
      assertTrue(batch.times()[i] < 1);
    }
  }

  @Test
  void videosAreAskedAboutFrameByFrame() {
    TrainingBatch batch = batch(DemoTask.VIDEO_QUESTIONS);
    assertArrayEquals(new long[] {8, 16, 8, 8, 8}, batch.latents().shape().toArray());
    for (Row row : batch.rows()) {
      assertEquals(SpanKind.FRAMES, row.spans().get(0).kind());
      assertEquals(1 + 8 * 4, row.spans().get(0).length());
      assertTrue(labels(row) > 0);
      assertEquals(0, masked(row));
    }
  }

  /** The shipped model was trained on rows as inference has them, and so it knows these. */
  @Test
  void rowsAreThoseOfInference() {
    TrainingLosses asked =
        shippedOn(Part.VIDEO_QUESTIONS, RowKind.VIDEO_CONVERSATION, loader -> loader.frames(8));
    TrainingLosses clip =
        shippedOn(
            Part.VIDEO_QUESTIONS,
            RowKind.VIDEO_CONVERSATION,
            loader -> loader.videoLayout(VideoLayout.CLIP).frames(9));
    assertTrue(asked.nextToken() < 0.15, asked.toString());
    assertTrue(clip.nextToken() > 3 * asked.nextToken(), asked + " and " + clip);

    UnaryOperator<RowLoader.Builder> story = loader -> loader.mostImages(3).cleanImages(1);
    TrainingLosses told =
        shippedOn(
            Part.STORIES,
            RowKind.INTERLEAVED,
            loader -> story.apply(loader).storyOpening("").unusedSlots(true));
    TrainingLosses official = shippedOn(Part.STORIES, RowKind.INTERLEAVED, story);
    assertTrue(told.flow() < 0.75 * official.flow(), told + " and " + official);
  }

  private static TrainingLosses shippedOn(
      Part part, RowKind kind, UnaryOperator<RowLoader.Builder> settings) {
    RowLoader.Builder loader =
        RowLoader.builder(new WorldExamples(SEED, part, 1000), kind).rows(8).length(320);
    TrainingData data =
        TrainingData.builder(tokenizer, bundle.architecture())
            .seed(SEED)
            .sampledLatents(false)
            .add(settings.apply(loader).build())
            .build();
    try (TrainingBatches batches = data.open(model.backend())) {
      TrainingBatch batch = (TrainingBatch) batches.next().orElseThrow().batch();
      TrainingLosses losses = model.accumulate(batch, new LossWeights(1, 1), 1);
      model.discardGradients();
      return losses;
    }
  }

  @ParameterizedTest
  @EnumSource
  void allRowsAreWhole(DemoTask task) throws IOException {
    DataReport report =
        DryRun.of(task.data(SEED, 100, tokenizer, bundle.architecture()))
            .withoutImages()
            .print(new StringBuilder(), 0);
    assertTrue(report.rows() >= 100);
    assertEquals(
        Set.of(),
        report.counts().keySet().stream()
            .filter(problem -> problem != ExampleProblem.NO_IMAGE)
            .collect(Collectors.toSet()),
        report::text);
  }

  @Test
  void everyBlockHasEachTaskAsOftenAsItsWeightSays() {
    for (long block = 0; block < 3; block++) {
      Map<DemoTask, Integer> counts = new EnumMap<>(DemoTask.class);
      for (long i = 10 * block; i < 10 * block + 10; i++) {
        counts.merge(ALL.at(i), 1, Integer::sum);
      }
      for (DemoTask task : DemoTask.values()) {
        assertEquals(task.weight(), counts.get(task));
      }
    }
    List<DemoTask> first = LongStream.range(0, 40).mapToObj(ALL::at).toList();
    TaskMix other = new TaskMix(SEED + 1, EnumSet.allOf(DemoTask.class));
    assertTrue(!first.equals(LongStream.range(0, 40).mapToObj(other::at).toList()));
  }

  @Test
  void aMixGoesOnWhereItWas() {
    TaskMix two = new TaskMix(SEED, Set.of(DemoTask.CHATS, DemoTask.STORIES));
    try (TaskBatches whole = batches(two);
        TaskBatches resumed = batches(two)) {
      // Of one of the tasks nothing was drawn yet.
      resumed.resume(whole.next().orElseThrow().next());
      for (int i = 0; i < 4; i++) {
        Drawn expected = whole.next().orElseThrow();
        Drawn actual = resumed.next().orElseThrow();
        assertEquals(expected.origins(), actual.origins());
        assertEquals(expected.next(), actual.next());
        assertEquals(
            ((TrainingBatch) expected.batch()).latents(),
            ((TrainingBatch) actual.batch()).latents());
      }
      assertThrows(
          IllegalStateException.class, () -> resumed.resume("{\"drawn\":1,\"states\":{}}"));
    }
    try (TaskBatches fresh = batches(two)) {
      for (String state : List.of("", "{}", "[1]", "text")) {
        Messages.assertFails(
            InvalidRequestException.class, () -> fresh.resume(state), "begin a new run");
      }
    }
  }
}
