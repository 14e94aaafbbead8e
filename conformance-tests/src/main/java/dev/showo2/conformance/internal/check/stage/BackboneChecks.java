package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * Checks of chapter B, the backbone. Rules that hold for both transformers are tested in {@link
 * CacheExperiments}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class BackboneChecks {

  private static final String PREFIX_UNSEEN =
      "look at the mask: every position of a segment sees all that the cache holds";

  private static final int PREFIX = 3;
  private static final int LENGTH = 5;

  /** An image at 1024 pixels and its text reach that far. */
  private static final int FAR = 1100;

  private static final int BATCH = 2;

  private BackboneChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    return List.of(
        Check.of(Rule.B02, "a-change-in-a-text", BackboneChecks::b02CausalMask, Stage.BACKBONE),
        Check.of(Rule.B03, "a-change-in-an-image", BackboneChecks::b03FullMask, Stage.BACKBONE),
        Check.of(Rule.B04, "both-kinds-in-turn", BackboneChecks::b04BothInTurn, Stage.BACKBONE),
        Check.of(
            Rule.B05,
            "after-texts-of-several-lengths",
            BackboneChecks::b05PositionsAfterTexts,
            Stage.BACKBONE),
        Check.of(Rule.B05, "after-a-cut", BackboneChecks::b05PositionsAfterCut, Stage.BACKBONE),
        Check.of(Rule.B06, "after-1100-positions", BackboneChecks::b06FarPositions, Stage.BACKBONE),
        Check.of(
            Rule.B07,
            "hidden-states-of-pieces",
            CacheExperiments::b07HiddenOfPieces,
            Stage.BACKBONE),
        Transformer.BACKBONE.check(
            Rule.B07, "a-span-after-pieces", CacheExperiments::chunkedPrefill),
        Check.of(Rule.B08, "parts-and-whole", BackboneChecks::b08JoinedParts, Stage.BACKBONE),
        Transformer.BACKBONE.check(
            Rule.B09, "the-cache-stays", CacheExperiments::evaluateHasNoSideEffects),
        Check.of(
            Rule.B09,
            "evaluate-and-append",
            CacheExperiments::b09EvaluateAndAppend,
            Stage.BACKBONE),
        Transformer.BACKBONE.check(Rule.B10, "both-go-on", CacheExperiments::forksAreIndependent),
        Transformer.BACKBONE.check(
            Rule.B10, "the-original-is-closed", CacheExperiments::forkOutlivesOriginal),
        Transformer.BACKBONE.check(Rule.B11, "cut-and-go-on", CacheExperiments::truncation),
        Transformer.BACKBONE.check(Rule.B12, "rows-alone", CacheExperiments::rowsDoNotMix),
        Transformer.BACKBONE.check(Rule.B13, "told-in-turns", BackboneChecks::b13CacheIsolation),
        Check.of(Rule.B14, "small-embeddings", BackboneChecks::b14SmallEmbeddings, Stage.BACKBONE),
        Transformer.BACKBONE.check(
            Rule.B15, "several-in-one-call", BatchedRequests::severalInOneCall),
        HiddenStateChecks.B16);
  }

  private static void b02CausalMask(CheckContext context, Checks checks) {
    int changed = 2;
    ValueChange own = changedSegment(context, Attention.CAUSAL, changed);
    checks.hint("look at the mask: in a causal segment a position sees itself and earlier ones");
    own.unseenUpTo(changed, "positions before the one that is changed", checks);
    own.seenFrom(changed, "changed position 2", checks);
    checks.hint(PREFIX_UNSEEN);
    changedPrefix(context, Attention.CAUSAL).seenFrom(0, "changed text before", checks);
  }

  private static void b03FullMask(CheckContext context, Checks checks) {
    checks.hint("look at the mask: inside an image it is not causal, the first sees the last");
    changedSegment(context, Attention.FULL, LENGTH - 1)
        .seenFrom(0, "changed last position", checks);
    checks.hint(PREFIX_UNSEEN);
    changedPrefix(context, Attention.FULL).seenFrom(0, "changed text before", checks);
  }

  /** One position of the segment itself is changed. */
  private static ValueChange changedSegment(
      CheckContext context, Attention attention, int position) {
    HostTensor prefix = Inputs.positions(context, 1, 1, PREFIX);
    HostTensor segment = Inputs.positions(context, 2, 1, LENGTH);
    HostTensor other = Inputs.withOther(segment, position, 3);
    return new ValueChange(
        hiddenAfter(context, prefix, attention, segment),
        hiddenAfter(context, prefix, attention, other));
  }

  /** The first position of the prefix is changed. */
  private static ValueChange changedPrefix(CheckContext context, Attention attention) {
    HostTensor prefix = Inputs.positions(context, 1, 1, PREFIX);
    HostTensor segment = Inputs.positions(context, 2, 1, LENGTH);
    HostTensor other = Inputs.withOther(prefix, 0, 3);
    return new ValueChange(
        hiddenAfter(context, prefix, attention, segment),
        hiddenAfter(context, other, attention, segment));
  }

  private static HostTensor hiddenAfter(
      CheckContext context, HostTensor prefix, Attention attention, HostTensor segment) {
    try (BackboneSequence sequence = BackboneSequence.open(context.backend(), 1)) {
      sequence.text(prefix);
      return sequence.append(attention, segment);
    }
  }

  private static void b05PositionsAfterTexts(CheckContext context, Checks checks) {
    for (Attention attention : Attention.values()) {
      for (int start : List.of(0, 1, 8)) {
        hintAt(start, checks);
        compareAt(context, checks, attention, start);
      }
    }
  }

  private static void b05PositionsAfterCut(CheckContext context, Checks checks) {
    HostTensor prefix = Inputs.positions(context, 1, 1, 8);
    HostTensor segment = Inputs.positions(context, 2, 1, 4);
    checks.hint("look at the RoPE: after truncate(3) the next segment starts at position 3");
    context.compareWithReference(
        checks,
        "a segment at position 3, where 8 had been seen",
        backend -> {
          try (BackboneSequence sequence = BackboneSequence.open(backend, 1)) {
            sequence.text(prefix);
            sequence.cache().truncate(3);
            return sequence.append(Attention.CAUSAL, segment);
          }
        });
  }

  private static void b06FarPositions(CheckContext context, Checks checks) {
    hintAt(0, checks);
    compareAt(context, checks, Attention.FULL, 0);
    checks.hint(
        "look at the precision of RoPE's frequencies, angles and tables: they need 32-bit floats"
            + " whatever the rest computes in; and at lengths that a table or a mask ends at");
    compareAt(context, checks, Attention.FULL, FAR);
  }

  private static void hintAt(int start, Checks checks) {
    checks.hint(
        start == 0
            ? "it is wrong with an empty cache already: begin with B-01 and B-04"
            : "look at the RoPE: positions of a segment start at cache.length(), not at 0");
  }

  private static void compareAt(
      CheckContext context, Checks checks, Attention attention, int start) {
    context.compareWithReference(
        checks,
        attention + " segment at position " + start,
        backend -> hiddenAt(context, backend, attention, start));
  }

  private static HostTensor hiddenAt(
      CheckContext context, Backend backend, Attention attention, int start) {
    try (BackboneSequence sequence = BackboneSequence.open(backend, 1)) {
      if (start > 0) {
        sequence.text(Inputs.positions(context, 1, 1, start));
      }
      return sequence.evaluate(attention, Inputs.positions(context, 2, 1, 4));
    }
  }

  private static void b04BothInTurn(CheckContext context, Checks checks) {
    List<HostTensor> actual = b04BothInTurn(context, context.backend());
    List<HostTensor> expected = b04BothInTurn(context, context.reference());
    checks.hint(
        "the first segment that is wrong counts: each sees the whole prefix, and its own positions"
            + " as its attention says");
    for (int i = 0; i < actual.size(); i++) {
      checks.compare(attention(i) + " segment " + i, actual.get(i), expected.get(i), Within.STAGE);
    }
  }

  private static List<HostTensor> b04BothInTurn(CheckContext context, Backend backend) {
    List<HostTensor> hidden = new ArrayList<>();
    try (BackboneSequence sequence = BackboneSequence.open(backend, BATCH)) {
      for (int length : List.of(3, 5, 2, 7, 1)) {
        HostTensor segment = Inputs.positions(context, 10 + length, BATCH, length);
        hidden.add(sequence.append(attention(hidden.size()), segment));
      }
    }
    return hidden;
  }

  private static Attention attention(int segment) {
    return segment % 2 == 0 ? Attention.CAUSAL : Attention.FULL;
  }

  private static void b08JoinedParts(CheckContext context, Checks checks) {
    HostTensor[] parts = {
      Inputs.positions(context, 1, BATCH, 1),
      Inputs.positions(context, 2, BATCH, 4),
      Inputs.positions(context, 3, BATCH, 2)
    };
    HostTensor whole = HostTensors.join(List.of(parts), 1);
    checks.hint(
        "look at how parts are joined: along the sequence, row by row, in the order of the list");
    for (Attention attention : Attention.values()) {
      try (BackboneSequence sequence = BackboneSequence.open(context.backend(), BATCH)) {
        sequence.text(Inputs.positions(context, 4, BATCH, 2));
        HostTensor expected = sequence.evaluate(attention, whole);
        checks.compare(
            attention + " evaluated in parts",
            sequence.evaluate(attention, parts),
            expected,
            Within.PIECES);
        checks.compare(
            attention + " appended in parts",
            sequence.append(attention, parts),
            expected,
            Within.PIECES);
      }
    }
  }

  private static void b14SmallEmbeddings(CheckContext context, Checks checks) {
    double epsilon = context.bundle().architecture().backbone().normEpsilon();
    // The mean square of the embeddings: far above the epsilon, as large as it, far below, zero.
    for (double square : new double[] {1, epsilon, epsilon / 100, 0}) {
      checks.hint(
          square == 1
              ? "it is wrong with embeddings of usual size already: begin with B-01 and B-04"
              : "look at the RMSNorms: x / sqrt(mean(x²) + epsilon), with rms_norm_eps of the"
                  + " model under the root and added in 32-bit floats");
      HostTensor segment =
          Inputs.scaled(Inputs.positions(context, 1, BATCH, 4), (float) Math.sqrt(square));
      context.compareWithReference(
          checks,
          "embeddings of mean square " + square,
          backend -> {
            try (BackboneSequence sequence = BackboneSequence.open(backend, BATCH)) {
              return sequence.append(Attention.FULL, segment);
            }
          });
    }
  }

  private static void b13CacheIsolation(
      Transformer transformer, CheckContext context, Checks checks) {
    HostTensor[] one = texts(context, 10);
    HostTensor[] other = texts(context, 20);
    HostTensor span = Inputs.positions(context, 3, 1, 4);
    // What a backend remembers wrongly, it would remember alone as well: the reference says.
    CheckContext reference = context.with(context.reference());
    HostTensor afterOne = transformer.spanAfter(reference, span, one);
    HostTensor afterOther = transformer.spanAfter(reference, span, other);
    checks.hint(
        "look for state that the stage keeps outside the cache: buffers or lengths of the last"
            + " call, or results that are remembered by what went in and not by the cache");
    try (CachedSequence first = transformer.open(context)) {
      try (CachedSequence second = transformer.open(context);
          CachedSequence pair = transformer.open(context, 0, 2)) {
        first.text(one[0]);
        second.text(other[0]);
        pair.text(Inputs.positions(context, 4, 2, 3));
        second.text(other[1]);
        first.text(one[1]);
        checks.compare("the second cache", second.span(span), afterOther, Within.STAGE);
        checks.compare("the first cache", first.span(span), afterOne, Within.STAGE);
        checks.compare("the second cache again", second.span(span), afterOther, Within.STAGE);
      }
      checks.compare(
          "the first cache once the others are closed", first.span(span), afterOne, Within.STAGE);
    }
  }

  private static HostTensor[] texts(CheckContext context, long seed) {
    return new HostTensor[] {
      Inputs.positions(context, seed, 1, 3), Inputs.positions(context, seed + 1, 1, 2)
    };
  }
}
