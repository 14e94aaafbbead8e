package dev.showo2.backend.djl;

import dev.showo2.stage.Attention;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * The order in which training processes the tokens of several rows: as one sequence without
 * padding, the spans of images first and the text behind them. Layers that treat each token by
 * itself see one large matrix; {@link PackedAttention} takes it apart again.
 */
final class PackedRows {

  private final List<PackedRow> rows = new ArrayList<>();
  private final List<PackedSpan> spans = new ArrayList<>();
  private final List<BatchLayout.Part> parts;
  private final int spanLength;
  private final int textLength;

  /**
   * @param packed index of the first token in the packed sequence
   */
  private record Segment(int position, int packed, int length, Attention attention) {}

  /**
   * @param index of the row in its batch
   */
  private record PackedRow(int index, List<Segment> segments) {

    int length() {
      Segment last = segments.get(segments.size() - 1);
      return last.position() + last.length();
    }
  }

  /**
   * An image.
   *
   * @param row of the batch
   * @param slot among the batch's latents and times
   * @param offset of its time token in the row
   */
  record PackedSpan(int row, int slot, int offset) {}

  /**
   * @param layout of the batch
   * @param lengths number of tokens that count for each row of the batch; a row of 0 is left out
   */
  PackedRows(BatchLayout layout, int[] lengths) {
    TrainingBatch batch = layout.batch();
    this.parts = layout.parts();
    this.spanLength = layout.spanLength();
    for (int row = 0; row < lengths.length; row++) {
      List<Span> inRow = batch.rows().get(row).spans();
      for (int i = 0; i < inRow.size(); i++) {
        Span span = inRow.get(i);
        if (span.length() > 0 && span.offset() < lengths[row]) {
          spans.add(new PackedSpan(row, row * inRow.size() + i, span.offset()));
        }
      }
    }
    int nextSpan = 0;
    int nextText = spans.size() * spanLength;
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] == 0) {
        continue;
      }
      List<Segment> segments = new ArrayList<>();
      int position = 0;
      while (position < lengths[row]) {
        boolean inSpan =
            nextSpan < spans.size()
                && spans.get(nextSpan).row() == row
                && spans.get(nextSpan).offset() == position;
        if (inSpan) {
          int packed = nextSpan * spanLength;
          for (BatchLayout.Part part : parts) {
            segments.add(new Segment(position, packed, part.length(), part.attention()));
            packed += part.length();
            position += part.length();
          }
          nextSpan++;
        } else {
          boolean spanFollows = nextSpan < spans.size() && spans.get(nextSpan).row() == row;
          int end = spanFollows ? spans.get(nextSpan).offset() : lengths[row];
          segments.add(new Segment(position, nextText, end - position, Attention.CAUSAL));
          nextText += end - position;
          position = end;
        }
      }
      rows.add(new PackedRow(row, segments));
    }
    this.textLength = nextText - spanTokens();
  }

  List<PackedSpan> spans() {
    return spans;
  }

  /** The number of tokens. */
  int length() {
    return spanTokens() + textLength;
  }

  /** The number of tokens of images, which come first. */
  int spanTokens() {
    return spans.size() * spanLength;
  }

  /** Whether any token of a row is among these. */
  boolean contains(int row) {
    return rows.stream().anyMatch(packed -> packed.index() == row);
  }

  /** The index of a position in the packed sequence. */
  int index(BatchLayout.Position position) {
    return index(position.row(), position.index());
  }

  /** The index in the packed sequence of a position of a row. */
  int index(int row, int position) {
    for (Segment segment : row(row).segments()) {
      if (position < segment.position() + segment.length()) {
        return segment.packed() + position - segment.position();
      }
    }
    throw new IllegalArgumentException("position " + position + " of row " + row);
  }

  private PackedRow row(int index) {
    return rows.stream().filter(row -> row.index() == index).findFirst().orElseThrow();
  }

  /** The ids of the text, in packed order. */
  int[] text(TrainingBatch batch) {
    int[] ids = new int[textLength];
    for (PackedRow row : rows) {
      Row source = batch.rows().get(row.index());
      for (Segment segment : row.segments()) {
        if (segment.packed() >= spanTokens()) {
          System.arraycopy(
              source.tokens(),
              segment.position(),
              ids,
              segment.packed() - spanTokens(),
              segment.length());
        }
      }
    }
    return ids;
  }

  /** The position in its row of each token, in packed order. */
  int[] positions() {
    int[] positions = new int[length()];
    for (PackedRow row : rows) {
      for (Segment segment : row.segments()) {
        for (int i = 0; i < segment.length(); i++) {
          positions[segment.packed() + i] = segment.position() + i;
        }
      }
    }
    return positions;
  }

  /**
   * The indices of this order's tokens in another one.
   *
   * @param whole of the same batch, with at least these tokens
   */
  int[] indicesIn(PackedRows whole) {
    int[] indices = new int[length()];
    for (PackedRow row : rows) {
      for (Segment segment : row.segments()) {
        int first = whole.index(row.index(), segment.position());
        for (int i = 0; i < segment.length(); i++) {
          indices[segment.packed() + i] = first + i;
        }
      }
    }
    return indices;
  }

  /** The number of tokens of each row that has any. */
  List<Integer> rowLengths() {
    return rows.stream().map(row -> row.length()).toList();
  }

  /** The indices of a row's tokens, by their position. */
  int[] indices(int row) {
    int[] indices = new int[rows.get(row).length()];
    for (Segment segment : rows.get(row).segments()) {
      for (int i = 0; i < segment.length(); i++) {
        indices[segment.position() + i] = segment.packed() + i;
      }
    }
    return indices;
  }

  /**
   * For each of a row's positions, the number of those that it sees: all up to itself, and the
   * whole of an image.
   */
  int[] seen(int row) {
    int[] seen = new int[rows.get(row).length()];
    for (Segment segment : rows.get(row).segments()) {
      int end = segment.position() + segment.length();
      for (int i = segment.position(); i < end; i++) {
        seen[i] = segment.attention() == Attention.FULL ? end : i + 1;
      }
    }
    return seen;
  }
}
