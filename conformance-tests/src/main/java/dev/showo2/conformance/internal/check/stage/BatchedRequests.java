package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.tensor.HostTensor;
import java.util.ArrayList;
import java.util.List;

/** The experiment of B-15 and H-14: several sequences of different length in one call. */
final class BatchedRequests {

  private BatchedRequests() {}

  static void severalInOneCall(Transformer transformer, CheckContext context, Checks checks) {
    HostTensor[] spans = {
      Inputs.positions(context, 4, 1, 4),
      Inputs.positions(context, 5, 2, 6),
      Inputs.positions(context, 6, 1, 4)
    };
    try (CachedSequence shorter = transformer.open(context);
        CachedSequence pair = transformer.open(context, 1, 2);
        CachedSequence longer = transformer.open(context)) {
      shorter.text(Inputs.positions(context, 1, 1, 2));
      pair.text(Inputs.positions(context, 2, 2, 5));
      longer.text(Inputs.positions(context, 3, 1, 7));
      // The last sequence occurs twice, with another span each time.
      List<CachedSequence> sequences = List.of(shorter, pair, longer, longer);
      List<HostTensor> segments = List.of(spans[0], spans[1], spans[2], spans[0]);
      List<HostTensor> alone = new ArrayList<>();
      for (int i = 0; i < sequences.size(); i++) {
        alone.add(sequences.get(i).span(segments.get(i)));
      }
      checks.hint(
          "look at how requests are joined: each sees its own cache, of its own length and batch,"
              + " and the results come in the order of the requests");
      compare(checks, transformer, "all in one call", sequences, segments, alone);
      compare(
          checks,
          transformer,
          "one alone in a call",
          sequences.subList(1, 2),
          segments.subList(1, 2),
          alone.subList(1, 2));
      checks.compare("results of no request", transformer.spans(List.of(), List.of()).size(), 0);
      checks.hint("no request of a call may leave keys and values in its cache");
      checks.compare("length of the first cache", shorter.cache().length(), 2);
      checks.compare("length of the second cache", pair.cache().length(), 5);
      checks.compare("length of the third cache", longer.cache().length(), 7);
      checks.compare(
          "the third cache afterwards", longer.span(spans[2]), alone.get(2), Within.PIECES);
    }
  }

  private static void compare(
      Checks checks,
      Transformer transformer,
      String name,
      List<CachedSequence> sequences,
      List<HostTensor> segments,
      List<HostTensor> alone) {
    List<HostTensor> together = transformer.spans(sequences, segments);
    checks.compare(name + ": results", together.size(), alone.size());
    for (int i = 0; i < Math.min(together.size(), alone.size()); i++) {
      checks.compare(name + ": request " + i, together.get(i), alone.get(i), Within.PIECES);
    }
  }
}
