package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.VideoWriter;
import dev.showo2.testing.FakeBackend;
import dev.showo2.testing.Messages;
import dev.showo2.text.TextTokenizer;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingBatch.SpanKind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows with videos: as inference has them, and those of the official code. */
class VideoRowsTest {

  private static final int BOI = 499;
  private static final int IMAGE_PAD = 502;
  private static final int VIDEO_PAD = 503;
  private static final int BOV = 506;

  /** Values of the latents of a frame. */
  private static final int FRAME = PixelEncoder.CHANNELS * 16;

  @TempDir private static Path folder;
  private static TextTokenizer tokenizer;

  private final FakeBackend backend = FakeBackend.of(DataFixture.SIZES);

  VideoRowsTest() {
    PixelEncoder.in(backend);
  }

  @BeforeAll
  static void open() {
    tokenizer = ReferenceTokenizer.load(folder);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  private static List<BufferedImage> grays(int count) {
    return IntStream.range(0, count).mapToObj(DataFixture::image).toList();
  }

  private static Example dialog(ExampleMedia video) {
    return new Example.Dialog(
        List.of(new Example.Turn(true, "<video>what"), new Example.Turn(false, "a")),
        Optional.of(video));
  }

  private TrainingBatch draw(RowLoader.Builder loader) {
    return draw(TrainingData.builder(tokenizer, DataFixture.SIZES).add(loader.build()));
  }

  private TrainingBatch draw(TrainingData.Builder data) {
    try (TrainingBatches batches = data.seed(7).sampledLatents(false).build().open(backend)) {
      return (TrainingBatch) batches.next().orElseThrow().batch();
    }
  }

  private static long count(Row row, int token) {
    return Arrays.stream(row.tokens()).filter(each -> each == token).count();
  }

  @Test
  void aConversationShowsFramesAsVideoUnderstandingDoes() {
    Example example = dialog(ExampleMedia.of(grays(5), 8));
    TrainingBatch batch =
        draw(DataFixture.loader(List.of(example), RowKind.VIDEO_CONVERSATION).frames(3).length(80));
    Row row = batch.rows().get(0);
    Span span = row.spans().get(0);
    assertEquals(SpanKind.FRAMES, span.kind());
    assertEquals(1 + 3 * 4, span.length());
    assertEquals(BOI, row.tokens()[span.offset() - 1]);
    assertEquals(span.length(), count(row, IMAGE_PAD));
    assertEquals(0, count(row, VIDEO_PAD));
    assertEquals(1, batch.times()[0]);
    assertFalse(row.flowMask()[span.offset() + 1]);
    // Spread evenly and encoded one by one; latents are [1, C, 3, 4, 4].
    assertArrayEquals(new long[] {1, 16, 3, 4, 4}, batch.latents().shape().toArray());
    for (int frame = 0; frame < 3; frame++) {
      assertEquals(DataFixture.latent(2 * frame), batch.latents().values()[16 * frame], 1e-6f);
    }
  }

  @Test
  void aConversationMayShowAClip() {
    Example example = dialog(ExampleMedia.of(grays(5), 8));
    TrainingBatch batch =
        draw(
            DataFixture.loader(List.of(example), RowKind.VIDEO_CONVERSATION)
                .videoLayout(VideoLayout.CLIP)
                .frames(5));
    Row row = batch.rows().get(0);
    Span span = row.spans().get(0);
    assertEquals(SpanKind.VISUAL, span.kind());
    assertEquals(1 + 2 * 4, span.length());
    assertEquals(BOV, row.tokens()[span.offset() - 1]);
    assertEquals(0, count(row, IMAGE_PAD));
    assertArrayEquals(new long[] {1, 16, 2, 4, 4}, batch.latents().shape().toArray());
  }

  @Test
  void theFirstFrameOfAnAnimationIsGiven() {
    Example example = new Example.Captioned("moves", ExampleMedia.of(grays(9), 8));
    TrainingBatch batch =
        draw(
            DataFixture.loader(List.of(example), RowKind.IMAGE_TO_VIDEO)
                .frames(9)
                .promptDropout(0));
    Row row = batch.rows().get(0);
    Span span = row.spans().get(0);
    assertEquals(1 + 3 * 4, span.length());
    assertTrue(batch.times()[0] < 1);
    boolean[] expected = new boolean[row.flowMask().length];
    Arrays.fill(expected, span.offset() + 5, span.offset() + 13, true);
    expected[span.offset()] = true;
    assertArrayEquals(expected, row.flowMask());
    float[] latents = batch.latents().values();
    for (int channel = 0; channel < 16; channel++) {
      assertEquals(DataFixture.latent(0), latents[channel * 48 + 5], 1e-6f);
      assertNotEquals(DataFixture.latent(4), latents[channel * 48 + 16 + 5], 1e-3f);
    }
    assertEquals(3 * FRAME, latents.length);
  }

  @Test
  void slotsWithoutAnImageMayBeWithoutEffect() {
    RowLoader stories =
        DataFixture.loader(DataFixture.stories(2, 2), RowKind.INTERLEAVED)
            .length(90)
            .mostImages(3)
            .unusedSlots(true)
            .storyOpening("")
            .build();
    RowLoader talk =
        DataFixture.loader(DataFixture.dialogs(1), RowKind.CONVERSATION).unusedSlots(true).build();
    TrainingBatch batch =
        draw(TrainingData.builder(tokenizer, DataFixture.SIZES).add(stories).add(talk));
    assertEquals(Span.UNUSED, batch.rows().get(0).spans().get(2));
    assertEquals(List.of(Span.UNUSED, Span.UNUSED), batch.rows().get(1).spans().subList(1, 3));
    // Nothing stands between bos and the first caption.
    assertEquals(tokenizer.encode("s0 0")[0], batch.rows().get(0).tokens()[1]);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Example example = new Example.Captioned("a", ExampleMedia.of(grays(2), 8));
    Messages.assertFails(
        IllegalArgumentException.class,
        () ->
            DataFixture.loader(List.of(example), RowKind.TEXT_TO_VIDEO)
                .videoLayout(VideoLayout.FRAMES),
        "conversations on videos alone, found TEXT_TO_VIDEO");
    Messages.assertFails(
        IllegalArgumentException.class,
        () -> DataFixture.loader(List.of(example), RowKind.TEXT_TO_VIDEO).frames(3).build(),
        "1, 5, 9, 13, 17, …, found 3");
    Example asked = dialog(ExampleMedia.of(grays(2), 8));
    Messages.assertFails(
        InvalidRequestException.class,
        () -> draw(DataFixture.loader(List.of(asked), RowKind.VIDEO_CONVERSATION).length(90)),
        "a row needs",
        "an image of 129");
    RowLoader clips = DataFixture.loader(List.of(example), RowKind.TEXT_TO_VIDEO).frames(9).build();
    RowLoader frames =
        DataFixture.loader(List.of(asked), RowKind.VIDEO_CONVERSATION).frames(3).build();
    Messages.assertFails(
        InvalidRequestException.class,
        () -> draw(TrainingData.builder(tokenizer, DataFixture.SIZES).add(clips).add(frames)),
        "frames or clips alike",
        "by weight");
  }

  @ParameterizedTest
  @ValueSource(strings = {"mp4", "gif"})
  void videosOfArchivesAreRead(String format, @TempDir Path archives) throws IOException {
    Path file = archives.resolve("a." + format);
    VideoWriter.write(grays(5), 10, file);
    Tar tar = new Tar();
    tar.file("0001." + format, Files.readAllBytes(file));
    tar.file("0001.txt", "moves");
    tar.file("0002.mp4", new byte[] {1, 2, 3});
    tar.file("0002.txt", "is broken");
    Path shard = Files.write(archives.resolve("shard.tar"), tar.bytes());
    try (ExampleSource source = DataFormat.WEBDATASET.open(shard, null)) {
      RowLoader.Builder loader =
          RowLoader.builder(source, RowKind.VIDEO_CAPTION)
              .length(60)
              .frames(5)
              .frameRate(10)
              .shuffled(false);
      TrainingBatch batch = draw(loader);
      assertArrayEquals(new long[] {1, 16, 2, 4, 4}, batch.latents().shape().toArray());
      Messages.assertFails(
          InvalidRequestException.class,
          () -> draw(loader.rows(2)),
          shard + "!0002",
          shard + "!0002.mp4");
    }
  }
}
