package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.model.Architecture;
import dev.showo2.stage.TokenGrid;
import dev.showo2.tensor.HostTensor;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Makes rows of the examples of one loader. One thread at a time uses it. */
final class RowPreparer {

  private final RowLoader loader;
  private final TrainingRows rows;
  private final MediaPixels media;
  private final int latentFrames;
  private final int frameTokens;
  private final ImagePreparer images;
  private final Optional<FeatureEncoder> features;

  /**
   * @param cache of latents
   * @param features of images, for distillation
   */
  RowPreparer(
      RowLoader loader,
      TrainingData data,
      Optional<TensorCache> cache,
      Optional<FeatureEncoder> features) {
    this.loader = loader;
    this.features = features;
    boolean clip = loader.kind().video() && !framesAlone();
    Architecture sizes = data.architecture();
    TokenGrid grid = clip ? sizes.videoGrid() : sizes.imageGrid();
    int unit = sizes.pixelsPerToken();
    int width = loader.width() > 0 ? loader.width() : grid.columns() * unit;
    int height = loader.height() > 0 ? loader.height() : grid.rows() * unit;
    if (width % unit != 0 || height % unit != 0) {
      throw new InvalidRequestException(
          loader.name()
              + ": width and height must be multiples of "
              + unit
              + ", found "
              + width
              + "x"
              + height);
    }
    media =
        new MediaPixels(
            width,
            height,
            loader.frames(),
            loader.kind().examples() == Example.Dialog.class,
            loader.frameRate(),
            loader.leastWidth(),
            loader.leastHeight());
    latentFrames =
        framesAlone()
            ? loader.frames()
            : 1 + (loader.frames() - 1) / Architecture.VAE_TEMPORAL_FACTOR;
    String vae = data.vae() + (framesAlone() ? "\nframes" : "");
    images = new ImagePreparer(media, loader.kind().video(), cache, vae, this::fits);
    TokenGrid tokens = new TokenGrid(height / unit, width / unit);
    features.ifPresent(encoder -> encoder.requireFits(loader.name(), tokens, sizes));
    frameTokens = (framesAlone() ? sizes.videoUnderstandingGrid() : tokens).tokens();
    int span = Math.addExact(Math.multiplyExact(latentFrames, frameTokens), 1);
    boolean alone = loader.kind() == RowKind.IMAGE;
    int length = alone ? span + TrainingRows.LEAST_BESIDE_IMAGE : loader.length();
    try {
      if (framesAlone()) {
        rows = TrainingRows.ofFrames(data.tokenizer(), length, span);
      } else {
        rows =
            clip
                ? TrainingRows.ofVideos(data.tokenizer(), length, span)
                : TrainingRows.ofImages(data.tokenizer(), length, span);
      }
      if (loader.kind() == RowKind.INTERLEAVED) {
        rows.interleaved(loader.storyOpening(), List.of(""), loader.mostImages());
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(loader.name() + ": " + e.getMessage(), e);
    }
  }

  RowLoader loader() {
    return loader;
  }

  /** Whether frames are encoded one by one. */
  boolean framesAlone() {
    return loader.videoLayout() == VideoLayout.FRAMES;
  }

  MediaPixels media() {
    return media;
  }

  /** Height and width of the latents and the number of their frames. */
  List<Integer> latentShape() {
    return List.of(
        latentFrames,
        media.height() / Architecture.VAE_SPATIAL_FACTOR,
        media.width() / Architecture.VAE_SPATIAL_FACTOR);
  }

  /** L + 1 of one image, by which times are shifted. */
  int imageTokens(int pixelsPerToken) {
    return media.height() / pixelsPerToken * (media.width() / pixelsPerToken) + 1;
  }

  /**
   * Makes the row of an example.
   *
   * @param example of the loader's source
   * @param origin of the example
   * @param random of this example in this pass
   * @param notes of what is used but counted
   * @param withImages false to leave images unread
   * @throws BadExampleException if no row can be made
   */
  PreparedRow prepare(
      Example example,
      String origin,
      SeededChoice random,
      ProblemCounter notes,
      boolean withImages) {
    List<ExampleMedia> visuals = new ArrayList<>();
    FormattedRow row =
        switch (loader.kind()) {
          case TEXT_TO_IMAGE, TEXT_TO_VIDEO, IMAGE_TO_VIDEO, CAPTION, VIDEO_CAPTION ->
              captioned(example, random, visuals);
          case CONVERSATION, VIDEO_CONVERSATION -> dialog(example, origin, notes, visuals);
          case INTERLEAVED -> story(example, random, visuals);
          case IMAGE -> image(example, random, visuals);
        };
    requireNoPlaceholders(row.row());
    if (loader.kind() == RowKind.IMAGE_TO_VIDEO) {
      row = row.withGivenFirstFrame(frameTokens);
    }
    if (loader.unusedSlots()) {
      row = row.withUnusedSlots();
    }
    List<PreparedImage> prepared = new ArrayList<>();
    for (int i = 0; i < row.row().spans().size(); i++) {
      prepared.add(
          row.row().spans().get(i).length() == 0 || !withImages
              ? PreparedImage.BLANK
              : images.prepare(visuals.get(i)));
    }
    Optional<PreparedImage> teacher =
        withImages ? features.map(encoder -> encoder.prepare(visuals.get(0))) : Optional.empty();
    note(row, origin, notes);
    return new PreparedRow(row, prepared, teacher, origin, loader);
  }

  private FormattedRow captioned(Example example, SeededChoice random, List<ExampleMedia> visuals) {
    Example.Captioned captioned =
        ExampleCheck.typed(example, Example.Captioned.class, loader.kind());
    visuals.add(captioned.visual());
    ExampleCheck.requireText(loader.kind().drawn() ? "prompt" : "caption", captioned.text());
    return loader.kind().drawn()
        ? rows.generation(captioned.text(), random.next() < loader.promptDropout())
        : rows.caption(captioned.text());
  }

  private FormattedRow image(Example example, SeededChoice random, List<ExampleMedia> visuals) {
    visuals.add(ExampleCheck.typed(example, Example.Captioned.class, loader.kind()).visual());
    return rows.image().withCleanSpans(random.next() < loader.cleanImages() ? 1 : 0);
  }

  private FormattedRow dialog(
      Example example, String origin, ProblemCounter notes, List<ExampleMedia> visuals) {
    Example.Dialog dialog = ExampleCheck.typed(example, Example.Dialog.class, loader.kind());
    List<Example.Turn> turns = ExampleCheck.turns(dialog, loader.kind().video());
    FormattedRow row = rows.conversation(turns, loader.stage());
    dialog.visual().ifPresent(visuals::add);
    if (turns.size() < dialog.turns().size()) {
      notes.problem(ExampleProblem.UNANSWERED, origin);
    }
    return row;
  }

  private FormattedRow story(Example example, SeededChoice random, List<ExampleMedia> visuals) {
    Example.Illustrated story =
        ExampleCheck.typed(example, Example.Illustrated.class, loader.kind());
    ExampleCheck.requirePairs(story);
    int spare = story.images().size() - loader.mostImages();
    int start = spare > 0 ? random.below(spare) : 0;
    int end = Math.min(story.images().size(), start + loader.mostImages());
    visuals.addAll(story.images().subList(start, end));
    FormattedRow row =
        rows.interleaved(
            loader.storyOpening(), story.captions().subList(start, end), loader.mostImages());
    int last = end - start - 1;
    boolean clean = random.next() < loader.cleanImages();
    return clean && last > 0 ? row.withCleanSpans(1 + random.below(last)) : row;
  }

  private static void requireNoPlaceholders(Row row) {
    int inside = row.spans().stream().mapToInt(Span::length).sum();
    int masked = 0;
    for (boolean set : row.flowMask()) {
      masked += set ? 1 : 0;
    }
    if (masked != inside) {
      throw new BadExampleException(
          ExampleProblem.RESERVED_TOKEN,
          "expected text without <|image_pad|> and <|video_pad|>, which stand for images, found "
              + (masked - inside));
    }
  }

  private void note(FormattedRow row, String origin, ProblemCounter notes) {
    if (row.cut()) {
      notes.problem(ExampleProblem.CUT, origin);
    }
    if (loader.kind().labeled()
        && Arrays.stream(row.row().labels()).allMatch(l -> l == TrainingBatch.NO_LABEL)) {
      notes.problem(ExampleProblem.NO_LABEL, origin);
    }
    if (row.row().spans().stream().allMatch(span -> span.length() == 0)) {
      notes.problem(ExampleProblem.NO_IMAGE, origin);
    }
  }

  private boolean fits(List<HostTensor> tensors) {
    List<Integer> shape = latentShape();
    return tensors.size() == 2
        && tensors.get(0).shape().equals(tensors.get(1).shape())
        && tensors.get(0).shape().rank() == 5
        && tensors.get(0).shape().dimension(2) == shape.get(0)
        && tensors.get(0).shape().dimension(3) == shape.get(1)
        && tensors.get(0).shape().dimension(4) == shape.get(2);
  }
}
