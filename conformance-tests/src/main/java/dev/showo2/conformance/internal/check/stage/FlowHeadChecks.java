package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.model.Architecture;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.function.BiConsumer;
import org.apiguardian.api.API;

/**
 * Checks of chapter H, the flow head and the time embedding. Rules that hold for both transformers
 * are tested in {@link CacheExperiments}.
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public final class FlowHeadChecks {

  private static final String ALONE_IS_WRONG =
      "it is wrong with an empty cache already: begin with H-03";

  /** Where frequencies that llama3 scaling stretches have turned visibly less than others. */
  private static final int FAR = 600;

  private static final int BATCH = 2;
  private static final int PREFIX = 4;
  private static final int LENGTH = 5;

  private FlowHeadChecks() {}

  /** All checks of the chapter. */
  public static List<Check> all() {
    return List.of(
        Check.of(
            Rule.H02, "times-outside-range", FlowHeadChecks::h02TimesOutside, Stage.TIME_EMBEDDING),
        Check.of(
            Rule.H03, "spans-of-several-lengths", FlowHeadChecks::h03Velocities, Stage.FLOW_HEAD),
        Check.of(
            Rule.H04,
            "images-at-times-of-their-own",
            FlowHeadChecks::h04ImageTimes,
            Stage.FLOW_HEAD),
        Check.of(
            Rule.H05, "after-a-long-text", FlowHeadChecks::h05UnmodulatedText, Stage.FLOW_HEAD),
        Check.of(Rule.H06, "after-600-positions", FlowHeadChecks::h06FarPositions, Stage.FLOW_HEAD),
        Check.of(Rule.H07, "a-change-in-the-span", FlowHeadChecks::h07SpanMask, Stage.FLOW_HEAD),
        Check.of(
            Rule.H07, "a-change-in-what-is-kept", FlowHeadChecks::h07CachedMask, Stage.FLOW_HEAD),
        Check.of(Rule.H08, "weak-and-strong-times", FlowHeadChecks::h08Modulation, Stage.FLOW_HEAD),
        Transformer.FLOW_HEAD.check(
            Rule.H09, "the-cache-stays", CacheExperiments::evaluateHasNoSideEffects),
        Transformer.FLOW_HEAD.check(
            Rule.H10, "fork-and-original-go-on", CacheExperiments::forksAreIndependent),
        Transformer.FLOW_HEAD.check(
            Rule.H10, "the-original-is-closed", CacheExperiments::forkOutlivesOriginal),
        Transformer.FLOW_HEAD.check(Rule.H10, "cut-and-go-on", CacheExperiments::truncation),
        Transformer.FLOW_HEAD.check(Rule.H11, "rows-alone", CacheExperiments::rowsDoNotMix),
        Check.of(
            Rule.H11, "times-of-a-batch", FlowHeadChecks::h11TimesOfRows, Stage.TIME_EMBEDDING),
        Transformer.FLOW_HEAD.check(
            Rule.H12, "a-span-after-pieces", CacheExperiments::chunkedPrefill),
        Check.of(Rule.H13, "shapes", FlowHeadChecks::h13Shapes, Stage.FLOW_HEAD),
        Transformer.FLOW_HEAD.check(
            Rule.H14, "several-in-one-call", BatchedRequests::severalInOneCall),
        HiddenStateChecks.H15);
  }

  private static void h02TimesOutside(CheckContext context, Checks checks) {
    for (float[] pair : new float[][] {{1.03f, 1}, {-0.02f, 0}}) {
      Embedded outside = Embedded.of(context.backend(), pair[0]);
      Embedded expected = Embedded.of(context.reference(), pair[0]);
      checks.hint(
          "look for a clamp of the time to 0 … 1, or for a table of times; the last step of"
              + " dopri5 asks for times above 1");
      checks.require(
          "time " + pair[0],
          !outside.equals(Embedded.of(context.backend(), pair[1])),
          "gives what time " + pair[1] + " gives");
      checks.compare(
          "vector of time " + pair[0], outside.vectors(), expected.vectors(), Within.STAGE);
      checks.compare("token of time " + pair[0], outside.tokens(), expected.tokens(), Within.STAGE);
    }
  }

  private static void h11TimesOfRows(CheckContext context, Checks checks) {
    float[] times = {0.1f, 0.9f, 0.5f};
    Embedded all = Embedded.of(context.backend(), times);
    checks.hint("look at the time embedding: each row of a batch has a time of its own");
    for (int row = 0; row < times.length; row++) {
      Embedded alone = Embedded.of(context.backend(), times[row]);
      checks.compare(
          "vector of row " + row, row(all.vectors(), row), alone.vectors(), Within.PIECES);
      checks.compare("token of row " + row, row(all.tokens(), row), alone.tokens(), Within.PIECES);
    }
  }

  private static HostTensor row(HostTensor batch, int row) {
    return HostTensors.slice(batch, 0, row, 1);
  }

  /** Vectors [B, H] and tokens [B, 1, D]. */
  private record Embedded(HostTensor vectors, HostTensor tokens) {

    static Embedded of(Backend backend, float... times) {
      try (TimeFeatures features = backend.timeEmbedding().embed(TimeEmbeddingRequest.of(times))) {
        return new Embedded(features.vector().toHost(), features.token().toHost());
      }
    }
  }

  private static void h03Velocities(CheckContext context, Checks checks) {
    checks.hint("look at the shapes that the flow head was built or tuned for");
    HostTensor time = Inputs.timeVectors(context, 0.2f, 0.7f);
    for (int tokens : List.of(1, 6, 24)) {
      compare(context, checks, "span of 1 + " + tokens, 4, tokens, time);
    }
  }

  private static void h05UnmodulatedText(CheckContext context, Checks checks) {
    for (float time : List.of(0.1f, 0.9f)) {
      HostTensor vector = Inputs.timeVectors(context, time);
      checks.hint(ALONE_IS_WRONG);
      compare(context, checks, "time " + time + " without text", 0, 2, vector);
      checks.hint(
          "look at append() without a time: shift and scale are 0 and gates are 1, which neither"
              + " the vector of time 0 nor a vector of zeros gives; and its RoPE starts at"
              + " cache.length()");
      compare(context, checks, "time " + time + " after 12 positions of text", 12, 2, vector);
    }
  }

  private static void h06FarPositions(CheckContext context, Checks checks) {
    HostTensor time = Inputs.timeVectors(context, 0.5f);
    checks.hint(ALONE_IS_WRONG);
    compare(context, checks, "span at position 0", 0, 4, time);
    checks.hint(
        "look at the flow head's RoPE: its own theta, llama3 scaling with the model's factors,"
            + " 32-bit floats, and positions that start at cache.length()");
    compare(context, checks, "span at position " + FAR, FAR, 4, time);
  }

  private static void h08Modulation(CheckContext context, Checks checks) {
    checks.hint(
        "look at the modulation: SiLU, then the linear layer, cut into shift1, scale1, gate1,"
            + " shift2, scale2, gate2 in blocks and shift, scale in the final layer; y · (1 + scale)"
            + " + shift after each norm, gates on what is added");
    for (float time : List.of(0f, 0.35f, 1f)) {
      HostTensor vector = Inputs.timeVectors(context, time);
      for (float strength : List.of(1f, 4f, -4f)) {
        String name = "time vector " + time + " times " + strength;
        compare(context, checks, name, 2, 4, Inputs.scaled(vector, strength));
      }
    }
  }

  private static void h13Shapes(CheckContext context, Checks checks) {
    Architecture sizes = context.bundle().architecture();
    long patch = (long) sizes.patchSize() * sizes.patchSize() * sizes.vae().latentChannels();
    checks.hint("of a span [time token, L image tokens] the first row is dropped, and only that");
    for (int tokens : List.of(1, 5)) {
      Shape found =
          velocity(context, context.backend(), 3, tokens, Inputs.timeVectors(context, 0.2f, 0.7f))
              .shape();
      checks.require(
          "velocity of 1 + " + tokens + " positions",
          found.equals(Shape.of(2, tokens, patch)),
          "has shape " + found + ", expected " + Shape.of(2, tokens, patch));
    }
  }

  private static void compare(
      CheckContext context, Checks checks, String name, int text, int tokens, HostTensor time) {
    context.compareWithReference(
        checks, name, backend -> velocity(context, backend, text, tokens, time));
  }

  /** Of a span of 1 + tokens after a text of some positions. */
  private static HostTensor velocity(
      CheckContext context, Backend backend, int text, int tokens, HostTensor time) {
    int batch = Math.toIntExact(time.shape().dimension(0));
    try (FlowHeadSequence sequence = FlowHeadSequence.open(backend, time)) {
      if (text > 0) {
        sequence.text(Inputs.positions(context, 1, batch, text));
      }
      return sequence.span(Inputs.positions(context, 2, batch, 1 + tokens));
    }
  }

  private static void h04ImageTimes(CheckContext context, Checks checks) {
    checks.hint(
        "look at append() with a time: each finished image keeps the time vector that it came"
            + " with, row by row, whatever the time of the image being made");
    for (float time : List.of(0.1f, 0.8f)) {
      context.compareWithReference(
          checks, "velocity at time " + time, backend -> afterImages(context, backend, time));
    }
  }

  private static HostTensor afterImages(CheckContext context, Backend backend, float time) {
    HostTensor own = Inputs.timeVectors(context, time, time);
    try (FlowHeadSequence sequence = FlowHeadSequence.open(backend, own)) {
      sequence.text(Inputs.positions(context, 1, BATCH, 3));
      sequence.image(Inputs.positions(context, 2, BATCH, 5), Inputs.timeVectors(context, 1, 0.6f));
      sequence.text(Inputs.positions(context, 3, BATCH, 1));
      sequence.image(Inputs.positions(context, 4, BATCH, 3), Inputs.timeVectors(context, 0, 1));
      return sequence.span(Inputs.positions(context, 5, BATCH, 5));
    }
  }

  private static void h07SpanMask(CheckContext context, Checks checks) {
    HostTensor time = Inputs.timeVectors(context, 0.5f);
    HostTensor prefix = Inputs.positions(context, 1, 1, PREFIX);
    HostTensor span = Inputs.positions(context, 2, 1, LENGTH);
    try (FlowHeadSequence sequence = FlowHeadSequence.open(context.backend(), time)) {
      sequence.text(prefix);
      HostTensor before = sequence.span(span);
      checks.hint("look at the mask: every position of the span sees all of it");
      new ValueChange(before, sequence.span(Inputs.withOther(span, LENGTH - 1, 3)))
          .seenFrom(0, "changed last position", checks);
      checks.hint("look at the mask: the time token is seen although its own row is dropped");
      new ValueChange(before, sequence.span(Inputs.withOther(span, 0, 3)))
          .seenFrom(0, "changed time token", checks);
      try (FlowHeadSequence other = FlowHeadSequence.open(context.backend(), time)) {
        other.text(Inputs.withOther(prefix, 0, 3));
        checks.hint("look at the mask: every position of the span sees all that the cache holds");
        new ValueChange(before, other.span(span)).seenFrom(0, "changed text before", checks);
      }
    }
  }

  private static void h07CachedMask(CheckContext context, Checks checks) {
    HostTensor time = Inputs.timeVectors(context, 1);
    checks.hint(
        "look at the mask of append(): CAUSAL positions see no later ones (or at truncate(), if"
            + " H-10 fails too)");
    ValueChange text = afterTruncation(context, FlowHeadSequence::text);
    text.unseenUpTo(LENGTH - 1, "a text whose last position is changed and cut off", checks);
    checks.hint("look at the mask of append(): FULL positions see later ones");
    afterTruncation(context, (sequence, image) -> sequence.image(image, time))
        .seenFrom(0, "changed last position of a finished image", checks);
  }

  private static ValueChange afterTruncation(
      CheckContext context, BiConsumer<FlowHeadSequence, HostTensor> append) {
    HostTensor segment = Inputs.positions(context, 1, 1, PREFIX);
    return new ValueChange(
        afterTruncation(context, segment, append),
        afterTruncation(context, Inputs.withOther(segment, PREFIX - 1, 3), append));
  }

  private static HostTensor afterTruncation(
      CheckContext context, HostTensor segment, BiConsumer<FlowHeadSequence, HostTensor> append) {
    try (FlowHeadSequence sequence =
        FlowHeadSequence.open(context.backend(), Inputs.timeVectors(context, 0.5f))) {
      append.accept(sequence, segment);
      sequence.cache().truncate(PREFIX - 1);
      return sequence.span(Inputs.positions(context, 2, 1, LENGTH));
    }
  }
}
