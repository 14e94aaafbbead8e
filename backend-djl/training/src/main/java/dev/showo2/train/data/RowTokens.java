package dev.showo2.train.data;

import dev.showo2.model.SpecialTokens;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import dev.showo2.train.spi.TrainingBatch.SpanKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects tokens, labels and spans of a row of unknown length, then pads and cuts it. */
final class RowTokens {

  /** The visuals of a row, and the tokens around and in the place of them. */
  enum Visual {
    IMAGE,
    CLIP,
    FRAMES
  }

  private final SpecialTokens special;
  private final SpanKind kind;
  private final int begin;
  private final int placeholder;
  private final int end;
  private final int length;
  private final List<Span> spans = new ArrayList<>();
  private int[] tokens;
  private int[] labels;
  private int size;

  RowTokens(SpecialTokens special, Visual visual, int length) {
    boolean video = visual == Visual.CLIP;
    this.special = special;
    this.kind = visual == Visual.FRAMES ? SpanKind.FRAMES : SpanKind.VISUAL;
    this.begin = video ? special.bov() : special.boi();
    this.placeholder = video ? special.videoPad() : special.imagePad();
    this.end = video ? special.eov() : special.eoi();
    this.length = length;
    this.tokens = new int[length];
    this.labels = new int[length];
  }

  RowTokens labeled(int... values) {
    for (int value : values) {
      add(value, value);
    }
    return this;
  }

  RowTokens unlabeled(int... values) {
    for (int value : values) {
      add(value, TrainingBatch.NO_LABEL);
    }
    return this;
  }

  /** Begin, placeholders and end of an image. */
  RowTokens image(int spanLength, boolean labeled) {
    return image(spanLength, labeled, labeled);
  }

  /** An image of whose tokens only begin and end are labeled. */
  RowTokens caption(int spanLength) {
    return image(spanLength, true, false);
  }

  private RowTokens image(int spanLength, boolean edges, boolean inside) {
    add(begin, edges ? begin : TrainingBatch.NO_LABEL);
    spans.add(new Span(size, spanLength, kind));
    for (int i = 0; i < spanLength; i++) {
      add(placeholder, inside ? placeholder : TrainingBatch.NO_LABEL);
    }
    add(end, edges ? end : TrainingBatch.NO_LABEL);
    return this;
  }

  int images() {
    return spans.size();
  }

  /**
   * @param clean of the first spans; of none that are filled up
   * @param cut whether a text was cut before it was added
   * @param mostImages to which spans are filled up
   */
  FormattedRow formatted(int clean, boolean cut, int mostImages) {
    int[] rowTokens = Arrays.copyOf(tokens, length);
    int[] rowLabels = Arrays.copyOf(labels, length);
    if (size < length) {
      Arrays.fill(rowTokens, size, length, special.pad());
      Arrays.fill(rowLabels, size, length, TrainingBatch.NO_LABEL);
    }
    boolean[] mask = new boolean[length];
    for (int i = 0; i < length; i++) {
      mask[i] = rowTokens[i] == placeholder;
    }
    for (Span span : spans) {
      if (span.offset() + span.length() > length) {
        throw new BadExampleException(
            ExampleProblem.IMAGE_CUT,
            "expected the image within a row of "
                + length
                + ", found it at "
                + span.offset()
                + " to "
                + (span.offset() + span.length() - 1)
                + "; shorten the text before it or lengthen the rows");
      }
    }
    while (spans.size() < mostImages) {
      spans.add(Span.NONE);
    }
    return new FormattedRow(
        new Row(rowTokens, rowLabels, mask, spans), clean, cut || size > length);
  }

  private void add(int token, int label) {
    if (size == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * size);
      labels = Arrays.copyOf(labels, 2 * size);
    }
    tokens[size] = token;
    labels[size++] = label;
  }
}
