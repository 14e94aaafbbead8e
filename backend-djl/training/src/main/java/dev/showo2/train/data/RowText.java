package dev.showo2.train.data;

import dev.showo2.text.TextTokenizer;
import dev.showo2.train.spi.TrainingBatch;
import dev.showo2.train.spi.TrainingBatch.Row;
import dev.showo2.train.spi.TrainingBatch.Span;
import java.io.IOException;
import java.util.List;

/** Prints rows, a line for each token; equal neighbors share a line. */
final class RowText {

  private static final int LABEL_COLUMN = 48;

  private final TextTokenizer tokenizer;
  private final FormattedRow formatted;
  private final Row row;

  RowText(TextTokenizer tokenizer, FormattedRow formatted) {
    this.tokenizer = tokenizer;
    this.formatted = formatted;
    this.row = formatted.trained();
  }

  void print(Appendable out) throws IOException {
    int begin = 0;
    while (begin < row.tokens().length) {
      int end = begin + 1;
      while (end < row.tokens().length && alike(begin, end)) {
        end++;
      }
      line(begin, end, out);
      begin = end;
    }
    List<Span> spans = row.spans();
    for (int i = 0; i < spans.size(); i++) {
      if (spans.get(i).length() == 0) {
        out.append("  image ").append(String.valueOf(i + 1));
        out.append(spans.get(i).equals(Span.NONE) ? ": none\n" : ": none, without effect\n");
      }
    }
  }

  private boolean alike(int one, int other) {
    return row.tokens()[one] == row.tokens()[other]
        && row.labels()[one] == row.labels()[other]
        && row.flowMask()[one] == row.flowMask()[other]
        && span(one) == span(other);
  }

  private void line(int begin, int end, Appendable out) throws IOException {
    String at = end - begin == 1 ? String.valueOf(begin) : begin + "-" + (end - 1);
    String text =
        String.format("  %11s %7d  %s", at, row.tokens()[begin], quoted(row.tokens()[begin]));
    StringBuilder line = new StringBuilder(text);
    if (end - begin > 1) {
      line.append(" × ").append(end - begin);
    }
    while (line.length() < LABEL_COLUMN) {
      line.append(' ');
    }
    line.append(row.labels()[begin] == TrainingBatch.NO_LABEL ? "  -    " : "  label");
    int span = span(begin);
    if (span >= 0) {
      line.append("  image ").append(span + 1).append(": time and ");
      line.append(row.spans().get(span).length() - 1).append(" tokens, ");
      line.append(
          span < formatted.cleanSpans()
              ? "clean, t = 1"
              : row.flowMask()[begin] ? "noised, flow loss" : "given, no flow loss");
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  /** The span of a position, or −1. */
  private int span(int position) {
    for (int i = 0; i < row.spans().size(); i++) {
      Span span = row.spans().get(i);
      if (position >= span.offset() && position < span.offset() + span.length()) {
        return i;
      }
    }
    return -1;
  }

  private String quoted(int token) {
    String text = tokenizer.decode(new int[] {token}, false);
    return "'" + text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + "'";
  }
}
