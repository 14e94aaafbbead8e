package dev.showo2.conformance.golden.record;

import dev.showo2.conformance.internal.golden.pass.Span;
import dev.showo2.model.SpecialTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Sequences as rows of ids, laid out as in the reference: shorter ones are filled with pads. */
final class TokenRows {

  private final SpecialTokens tokens;
  private final List<Row> rows = new ArrayList<>();

  TokenRows(SpecialTokens tokens) {
    this.tokens = tokens;
  }

  /** Adds a row. */
  Row row() {
    Row row = new Row();
    rows.add(row);
    return row;
  }

  List<List<Span>> spans() {
    return rows.stream().map(row -> row.spans).toList();
  }

  /** Row after row. */
  int[] ids() {
    int length = rows.stream().mapToInt(row -> row.ids.length).max().orElse(0);
    return rows.stream()
        .flatMapToInt(
            row ->
                IntStream.concat(
                    Arrays.stream(row.ids),
                    IntStream.generate(tokens::pad).limit(length - row.ids.length)))
        .toArray();
  }

  int[] beforeFirstSpan(int row) {
    return Arrays.copyOf(rows.get(row).ids, rows.get(row).spans.get(0).offset());
  }

  /** One sequence. */
  static final class Row {

    private final List<Span> spans = new ArrayList<>();
    private int[] ids = {};

    Row text(int... more) {
      ids = IntStream.concat(Arrays.stream(ids), Arrays.stream(more)).toArray();
      return this;
    }

    /** The span of an image or video: time token and tokens, held free by its pad token. */
    Row visual(int pad, int visualTokens) {
      int[] span = new int[1 + visualTokens];
      Arrays.fill(span, pad);
      spans.add(new Span(ids.length, span.length));
      return text(span);
    }
  }
}
