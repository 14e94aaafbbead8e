package dev.showo2.train.data;

import dev.showo2.train.spi.TrainingBatch;
import java.util.Arrays;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A row as the official dataset classes make it, and how many of its images are clean.
 *
 * @param row whose flow mask is set on all images, clean ones included, and on no frame that is
 *     given
 * @param cleanSpans first spans whose images have t = 1 and no flow loss
 * @param cut true if a text was cut
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record FormattedRow(TrainingBatch.Row row, int cleanSpans, boolean cut) {

  /**
   * Checks the number of clean spans.
   *
   * @param row with its spans
   * @param cleanSpans from 0 to the number of spans
   * @param cut true if a text was cut
   * @throws IllegalArgumentException if there are more clean spans than spans
   */
  public FormattedRow {
    Objects.requireNonNull(row, "row");
    if (cleanSpans < 0 || cleanSpans > row.spans().size()) {
      throw new IllegalArgumentException(
          "of " + row.spans().size() + " spans " + cleanSpans + " cannot be clean");
    }
  }

  /**
   * Changes the number of clean spans.
   *
   * @param count from 0 to the number of spans
   * @return a row with the same arrays
   */
  public FormattedRow withCleanSpans(int count) {
    return new FormattedRow(row, count, cut);
  }

  /**
   * Leaves slots without an image without effect, as rows are at inference.
   *
   * @return a row with {@link TrainingBatch.Span#UNUSED} in place of {@link
   *     TrainingBatch.Span#NONE}
   */
  FormattedRow withUnusedSlots() {
    return new FormattedRow(
        new TrainingBatch.Row(
            row.tokens(),
            row.labels(),
            row.flowMask(),
            row.spans().stream()
                .map(each -> each.length() == 0 ? TrainingBatch.Span.UNUSED : each)
                .toList()),
        cleanSpans,
        cut);
  }

  /**
   * Clears the flow mask on the first frame of each video.
   *
   * @param tokens of a frame
   * @return a row with a mask of its own
   */
  FormattedRow withGivenFirstFrame(int tokens) {
    boolean[] mask = row.flowMask().clone();
    for (TrainingBatch.Span span : row.spans()) {
      Arrays.fill(mask, span.offset() + 1, span.offset() + 1 + tokens, false);
    }
    return new FormattedRow(
        new TrainingBatch.Row(row.tokens(), row.labels(), mask, row.spans()), cleanSpans, cut);
  }

  /**
   * Makes the row that is trained: the flow mask is cleared on clean images.
   *
   * @return a row with the same tokens and labels, and a mask of its own
   */
  public TrainingBatch.Row trained() {
    boolean[] mask = row.flowMask().clone();
    for (TrainingBatch.Span span : row.spans().subList(0, cleanSpans)) {
      Arrays.fill(mask, span.offset(), span.offset() + span.length(), false);
    }
    return new TrainingBatch.Row(row.tokens(), row.labels(), mask, row.spans());
  }
}
