package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.stage.Attention;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Experiments of the rules that hold for the KV caches of both transformers: B-07 and B-09 to B-12,
 * H-09 to H-12.
 */
final class CacheExperiments {

  private static final String PIECES_ADVICE =
      "it is right at once and not in pieces: look at what a segment sees of the cache, at where"
          + " RoPE starts, and at a kernel of its own for single positions";

  private static final int LENGTH = 9;

  private static final List<Integer> UNEVEN = List.of(4, 1, 1, 3);

  private static final List<Integer> SINGLE = List.of(1, 1, 1, 1, 1, 1, 1, 1, 1);

  private static final String FORK_ADVICE =
      "look at KvCache.fork(): what one of the two writes, forgets or frees must not be what the"
          + " other reads; copy the keys and values, or share only what is never written again";

  private static final int START = 5;
  private static final int TEXT = 4;

  private CacheExperiments() {}

  /** B-07: hidden states of a text at once, in pieces and position by position. */
  static void b07HiddenOfPieces(CheckContext context, Checks checks) {
    HostTensor text = Inputs.positions(context, 1, 1, LENGTH);
    HostTensor whole = appended(context, List.of(text));
    checks.hint(PIECES_ADVICE);
    checks.compare(
        "pieces of 4, 1, 1 and 3", appended(context, cut(text, UNEVEN)), whole, Within.PIECES);
    checks.compare("single positions", appended(context, cut(text, SINGLE)), whole, Within.PIECES);
  }

  /**
   * B-07, H-12: a span after a text that was appended at once, in pieces or position by position.
   */
  static void chunkedPrefill(Transformer transformer, CheckContext context, Checks checks) {
    HostTensor text = Inputs.positions(context, 1, 1, LENGTH);
    HostTensor span = Inputs.positions(context, 2, 1, 4);
    HostTensor whole = transformer.spanAfter(context, span, text);
    checks.hint(PIECES_ADVICE);
    for (List<Integer> lengths : List.of(UNEVEN, SINGLE)) {
      HostTensor[] pieces = cut(text, lengths).toArray(HostTensor[]::new);
      checks.compare(
          "a span after pieces of " + lengths,
          transformer.spanAfter(context, span, pieces),
          whole,
          Within.PIECES);
    }
  }

  private static HostTensor appended(CheckContext context, List<HostTensor> pieces) {
    List<HostTensor> hidden = new ArrayList<>();
    try (BackboneSequence sequence = BackboneSequence.open(context.backend(), 1)) {
      for (HostTensor piece : pieces) {
        hidden.add(sequence.append(Attention.CAUSAL, piece));
      }
    }
    return HostTensors.join(hidden, 1);
  }

  private static List<HostTensor> cut(HostTensor text, List<Integer> lengths) {
    List<HostTensor> pieces = new ArrayList<>();
    int start = 0;
    for (int length : lengths) {
      pieces.add(HostTensors.slice(text, 1, start, length));
      start += length;
    }
    return pieces;
  }

  /** B-09, H-09: evaluating a span leaves the cache unchanged. */
  static void evaluateHasNoSideEffects(
      Transformer transformer, CheckContext context, Checks checks) {
    HostTensor start = Inputs.positions(context, 1, 1, 3);
    HostTensor span = Inputs.positions(context, 2, 1, 4);
    HostTensor longer = Inputs.positions(context, 3, 1, 7);
    HostTensor more = Inputs.positions(context, 4, 1, 2);
    checks.hint(
        "a span that was only looked at has left something behind: look at where its keys and"
            + " values go, they must be beyond the cache's length and never seen again");
    try (CachedSequence sequence = transformer.open(context)) {
      sequence.text(start);
      HostTensor first = sequence.span(span);
      sequence.span(longer);
      checks.compare("length", sequence.cache().length(), 3);
      checks.compare("the same span again", sequence.span(span), first, Within.SAME_CALL);
      sequence.text(more);
      checks.compare("length after more text", sequence.cache().length(), 5);
      checks.compare(
          "the same span after more text",
          sequence.span(span),
          transformer.spanAfter(context, span, start, more),
          Within.PIECES);
    }
  }

  /** B-09: appending a segment gives what evaluating it gave. */
  static void b09EvaluateAndAppend(CheckContext context, Checks checks) {
    checks.hint("evaluate() and append() compute the same; only what they keep differs");
    for (Attention attention : Attention.values()) {
      for (int length : List.of(1, 5)) {
        HostTensor segment = Inputs.positions(context, length, 1, length);
        try (BackboneSequence sequence = BackboneSequence.open(context.backend(), 1)) {
          sequence.text(Inputs.positions(context, 9, 1, 3));
          HostTensor evaluated = sequence.evaluate(attention, segment);
          checks.compare(
              attention + " segment of " + length,
              sequence.append(attention, segment),
              evaluated,
              Within.PIECES);
        }
      }
    }
  }

  /** B-10, H-10: a cache and its fork are appended to independently. */
  static void forksAreIndependent(Transformer transformer, CheckContext context, Checks checks) {
    HostTensor start = Inputs.positions(context, 1, 1, 4);
    HostTensor left = Inputs.positions(context, 2, 1, 2);
    HostTensor right = Inputs.positions(context, 3, 1, 3);
    HostTensor span = Inputs.positions(context, 4, 1, 5);
    HostTensor afterLeft = transformer.spanAfter(context, span, start, left);
    checks.hint(FORK_ADVICE);
    try (CachedSequence original = transformer.open(context)) {
      original.text(start);
      try (CachedSequence fork = original.fork()) {
        original.text(left);
        fork.text(right);
        checks.compare("length of the original", original.cache().length(), 6);
        checks.compare("length of the fork", fork.cache().length(), 7);
        checks.compare("the original", original.span(span), afterLeft, Within.PIECES);
        checks.compare(
            "the fork",
            fork.span(span),
            transformer.spanAfter(context, span, start, right),
            Within.PIECES);
        fork.cache().truncate(1);
        checks.compare(
            "the original once its fork is cut", original.span(span), afterLeft, Within.PIECES);
      }
      checks.compare(
          "the original once its fork is closed", original.span(span), afterLeft, Within.PIECES);
    }
  }

  /** B-10, H-10: a fork stays usable once its original is closed. */
  static void forkOutlivesOriginal(Transformer transformer, CheckContext context, Checks checks) {
    HostTensor start = Inputs.positions(context, 1, 1, 4);
    HostTensor more = Inputs.positions(context, 2, 1, 3);
    HostTensor span = Inputs.positions(context, 3, 1, 5);
    checks.hint(FORK_ADVICE);
    try (CachedSequence fork = forkOfClosed(transformer, context, start)) {
      fork.text(more);
      checks.compare(
          "the fork once its original is closed",
          fork.span(span),
          transformer.spanAfter(context, span, start, more),
          Within.PIECES);
    }
  }

  private static CachedSequence forkOfClosed(
      Transformer transformer, CheckContext context, HostTensor start) {
    try (CachedSequence original = transformer.open(context)) {
      original.text(start);
      return original.fork();
    }
  }

  /** B-11, H-10: a truncated cache behaves like one that never held more. */
  static void truncation(Transformer transformer, CheckContext context, Checks checks) {
    HostTensor start = Inputs.positions(context, 1, 1, START);
    HostTensor forgotten = Inputs.positions(context, 2, 1, 4);
    HostTensor other = Inputs.positions(context, 3, 1, 2);
    HostTensor span = Inputs.positions(context, 4, 1, 4);
    HostTensor two = HostTensors.slice(start, 1, 0, 2);
    checks.hint(
        "look at KvCache.truncate(): no later call may see the positions that were cut, those"
            + " before them stay, and the next segment begins at the new length, in RoPE too");
    try (CachedSequence sequence = transformer.open(context)) {
      sequence.text(start);
      sequence.text(forgotten);
      sequence.cache().truncate(START);
      checks.compare("length after the cut", sequence.cache().length(), START);
      checks.compare(
          "after a cut between segments",
          sequence.span(span),
          transformer.spanAfter(context, span, start),
          Within.PIECES);
      sequence.text(other);
      checks.compare(
          "after another text in place of what was cut",
          sequence.span(span),
          transformer.spanAfter(context, span, start, other),
          Within.PIECES);
      sequence.cache().truncate(2);
      sequence.cache().truncate(2);
      checks.compare(
          "after a cut inside a segment",
          sequence.span(span),
          transformer.spanAfter(context, span, two),
          Within.PIECES);
      sequence.cache().truncate(0);
      sequence.text(other);
      checks.compare(
          "after all was cut",
          sequence.span(span),
          transformer.spanAfter(context, span, other),
          Within.PIECES);
    }
  }

  /** B-12, H-11: each row of a batch gives what it gives alone. */
  static void rowsDoNotMix(Transformer transformer, CheckContext context, Checks checks) {
    HostTensor span = Inputs.positions(context, 2, Transformer.ROWS, 5);
    Seen all = seen(transformer, context, 0, Transformer.ROWS, span);
    for (int row = 0; row < Transformer.ROWS; row++) {
      Seen one = seen(transformer, context, row, 1, row(span, row));
      checks.hint(
          "look at how rows are laid out in the cache and in the attention"
              + (transformer == Transformer.FLOW_HEAD
                  ? ", and at the modulation: each row has a time vector of its own"
                  : ""));
      checks.compare("row " + row, row(all.span(), row), one.span(), Within.PIECES);
      checks.hint("look at how fork() and truncate() go through the rows of a batch");
      checks.compare(
          "row " + row + " after a cut and a fork",
          row(all.later(), row),
          one.later(),
          Within.PIECES);
    }
  }

  /** A span after a text, and again after a cut and in a fork. */
  private record Seen(HostTensor span, HostTensor later) {}

  private static Seen seen(
      Transformer transformer, CheckContext context, int row, int batch, HostTensor span) {
    HostTensor texts = Inputs.positions(context, 1, Transformer.ROWS, TEXT);
    try (CachedSequence sequence = transformer.open(context, row, batch)) {
      sequence.text(HostTensors.slice(texts, 0, row, batch));
      HostTensor first = sequence.span(span);
      sequence.cache().truncate(TEXT - 1);
      try (CachedSequence fork = sequence.fork()) {
        return new Seen(first, fork.span(span));
      }
    }
  }

  private static HostTensor row(HostTensor batch, int row) {
    return HostTensors.slice(batch, 0, row, 1);
  }
}
