package dev.showo2.conformance.internal.check.training;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.model.Architecture;
import dev.showo2.model.SpecialTokens;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.train.data.LinearPath;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingBatch.SpanKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Small batches for a model, with seeded latents. */
final class TrainingScene {

  /** Ids of a text; any model has them. */
  private static final int[] TEXT = {5, 3, 8, 2, 9};

  private final Architecture architecture;
  private final SpecialTokens special;

  TrainingScene(CheckContext context) {
    architecture = context.bundle().architecture();
    special = context.bundle().manifest().specialTokens();
  }

  /** An image to be drawn and one that is described, as in the official first stage. */
  TrainingBatch mixed() {
    return batch(List.of(drawn(), described()), 0.4f, 1);
  }

  /** Other images and times. */
  TrainingBatch otherMixed() {
    return batch(List.of(described(), drawn()), 1, 0.7f);
  }

  /** Without an image to draw, so that the flow loss has no position. */
  TrainingBatch withoutMask() {
    return batch(List.of(described(), described()), 1, 1);
  }

  /** Without a description, so that the next-token loss has no label. */
  TrainingBatch withoutLabels() {
    return batch(List.of(drawn(), drawn()), 0.3f, 0.6f);
  }

  /** With neither. */
  TrainingBatch withoutBoth() {
    return batch(List.of(new RowBuilder().image(false).padded()), 1);
  }

  /** Two images in a row, at times of their own. */
  TrainingBatch twoTimes() {
    return batch(
        List.of(new RowBuilder().text(true).image(true).text(true).image(true).padded()),
        0.2f,
        0.8f);
  }

  /** A described image, and a second slot without an image that has a time all the same. */
  TrainingBatch emptySlot() {
    Row row = described();
    return batch(
        List.of(
            new Row(
                row.tokens(),
                row.labels(),
                row.flowMask(),
                List.of(row.spans().get(0), Span.NONE))),
        1,
        0.3f);
  }

  /** A described image whose second slot is not used. */
  TrainingBatch unusedSlot() {
    Row row = described();
    return batch(
        List.of(
            new Row(
                row.tokens(),
                row.labels(),
                row.flowMask(),
                List.of(row.spans().get(0), Span.UNUSED))),
        1,
        0.3f);
  }

  /** Described frames, as a video is asked about; more than those that see each other. */
  TrainingBatch frames() {
    int ofFrame = architecture.videoUnderstandingGrid().tokens();
    int frames = (architecture.imageGrid().tokens() + 1) / ofFrame + 2;
    Row row = new RowBuilder().frames(frames * ofFrame).text(true).padded();
    return ofFrames(List.of(row), frames, 1);
  }

  /** One with a token that the model does not have. */
  TrainingBatch beyondVocabulary() {
    Row row = described();
    int[] tokens = row.tokens().clone();
    tokens[0] = architecture.backbone().vocabularySize();
    return batch(List.of(new Row(tokens, row.labels(), row.flowMask(), row.spans())), 1);
  }

  /** One whose span is shorter than its image. */
  TrainingBatch shortSpan() {
    Row row = described();
    Span span = row.spans().get(0);
    return batch(
        List.of(
            new Row(
                row.tokens(),
                row.labels(),
                row.flowMask(),
                List.of(new Span(span.offset(), span.length() - 1)))),
        1);
  }

  private Row drawn() {
    return new RowBuilder().text(false).image(true).padded();
  }

  private Row described() {
    return new RowBuilder().image(false).text(true).padded();
  }

  private TrainingBatch batch(List<Row> rows, float... times) {
    return ofFrames(rows, 1, times);
  }

  private TrainingBatch ofFrames(List<Row> rows, int frames, float... times) {
    int patch = architecture.patchSize();
    int channels = architecture.vae().latentChannels();
    long height = (long) architecture.imageGrid().rows() * patch;
    long width = (long) architecture.imageGrid().columns() * patch;
    Shape shape =
        frames == 1
            ? Shape.of(times.length, channels, height, width)
            : Shape.of(times.length, channels, frames, height, width);
    HostTensor data = Inputs.normal(31, shape.toArray());
    HostTensor noise = Inputs.normal(32, shape.toArray());
    float[] latents = new float[data.values().length];
    float[] targets = new float[latents.length];
    int each = latents.length / times.length;
    for (int i = 0; i < times.length; i++) {
      LinearPath.Point point =
          LinearPath.at(
              Arrays.copyOfRange(data.values(), i * each, (i + 1) * each),
              Arrays.copyOfRange(noise.values(), i * each, (i + 1) * each),
              times[i]);
      System.arraycopy(point.latents(), 0, latents, i * each, each);
      System.arraycopy(point.target(), 0, targets, i * each, each);
    }
    return new TrainingBatch(
        rows, new HostTensor(shape, latents), times, new HostTensor(shape, targets), 0);
  }

  /** A row that begins with bos; labels stand on texts and, with them, on what surrounds images. */
  private final class RowBuilder {

    private static final int LONGEST_TEXTS = 2;

    private final List<Integer> tokens = new ArrayList<>(List.of(special.bos()));
    private final List<Integer> labels = new ArrayList<>(List.of(TrainingBatch.NO_LABEL));
    private final List<Span> spans = new ArrayList<>();
    private final List<Span> masked = new ArrayList<>();

    RowBuilder text(boolean labeled) {
      for (int token : TEXT) {
        add(token, labeled);
      }
      return this;
    }

    RowBuilder image(boolean drawn) {
      return visual(1 + architecture.imageGrid().tokens(), SpanKind.VISUAL, drawn);
    }

    RowBuilder frames(int imageTokens) {
      return visual(1 + imageTokens, SpanKind.FRAMES, false);
    }

    private RowBuilder visual(int length, SpanKind kind, boolean drawn) {
      add(special.boi(), false);
      Span span = new Span(tokens.size(), length, kind);
      for (int i = 0; i < span.length(); i++) {
        add(special.imagePad(), false);
      }
      spans.add(span);
      if (drawn) {
        masked.add(span);
      }
      add(special.eoi(), true);
      return this;
    }

    private void add(int token, boolean labeled) {
      tokens.add(token);
      labels.add(labeled ? token : TrainingBatch.NO_LABEL);
    }

    /** Ends the row; rows of as many images and texts, or fewer texts, are of one length. */
    Row padded() {
      add(special.eos(), false);
      int images = spans.stream().mapToInt(span -> span.length() + 2).sum();
      int length = 2 + images + LONGEST_TEXTS * TEXT.length + 1;
      boolean labeledTexts = labels.stream().anyMatch(label -> isText(label));
      while (tokens.size() < length) {
        add(special.pad(), false);
      }
      boolean[] mask = new boolean[length];
      masked.forEach(span -> Arrays.fill(mask, span.offset(), span.offset() + span.length(), true));
      int[] own = labels.stream().mapToInt(Integer::intValue).toArray();
      if (!labeledTexts) {
        Arrays.fill(own, TrainingBatch.NO_LABEL);
      }
      return new Row(tokens.stream().mapToInt(Integer::intValue).toArray(), own, mask, spans);
    }

    private boolean isText(int label) {
      return Arrays.stream(TEXT).anyMatch(token -> token == label);
    }
  }
}
