package dev.showo2.conformance.internal.check.stage;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks of hidden states that stay open and are used again: B-16 and H-15. */
final class HiddenStateChecks {

  private static final int[] PROMPT = {5, 17, 300, 42, 7, 99};
  private static final int[] EMPTY = {5, 7};
  private static final int LENGTH = 5;

  static final Check B16 =
      Check.of(
          Rule.B16,
          "kept-open-while-others-are-computed",
          HiddenStateChecks::b16StatesStay,
          Stage.BACKBONE);

  static final Check H15 =
      Check.of(
          Rule.H15,
          "the-same-states-at-several-times",
          HiddenStateChecks::h15StatesAtOtherTimes,
          Stage.TEXT_EMBEDDING,
          Stage.TIME_EMBEDDING,
          Stage.BACKBONE,
          Stage.FLOW_HEAD);

  private HiddenStateChecks() {}

  private static void b16StatesStay(CheckContext context, Checks checks) {
    Backend backend = context.backend();
    Map<String, Tensor> kept = new LinkedHashMap<>();
    Map<String, HostTensor> first = new LinkedHashMap<>();
    try (Closer closer = new Closer()) {
      KvCache cache = closer.add(backend.backbone().newCache(CacheRequest.of(1)));
      KvCache other = closer.add(backend.backbone().newCache(CacheRequest.of(1)));
      for (int round = 1; round <= 2; round++) {
        Tensor segment = closer.add(backend.upload(Inputs.positions(context, round, 1, LENGTH)));
        BackboneRequest span = span(cache, segment);
        keep("of a text", round, backend.backbone().append(text(cache, segment)), kept, closer);
        keep("of a span", round, backend.backbone().evaluate(span), kept, closer);
        List<Tensor> both = backend.backbone().evaluateAll(List.of(span, span(other, segment)));
        closer.addAll(both);
        kept.put("of the first of two spans, round " + round, both.get(0));
        kept.put("of the second of two spans, round " + round, both.get(1));
        kept.forEach((name, states) -> first.computeIfAbsent(name, each -> states.toHost()));
      }
      checks.hint(
          "look at where the backbone's results are stored: a tensor has its memory for itself"
              + " until it is closed");
      first.forEach((name, values) -> checks.compare(name, kept.get(name), values, Within.EXACT));
    }
  }

  private static void keep(
      String name, int round, Tensor states, Map<String, Tensor> kept, Closer closer) {
    kept.put(name + ", round " + round, closer.add(states));
  }

  private static BackboneRequest text(KvCache cache, Tensor segment) {
    return BackboneRequest.of(cache, List.of(segment), Attention.CAUSAL);
  }

  private static BackboneRequest span(KvCache cache, Tensor segment) {
    return BackboneRequest.of(cache, List.of(segment), Attention.FULL);
  }

  private static void h15StatesAtOtherTimes(CheckContext context, Checks checks) {
    Map<String, HostTensor> actual = velocities(context, context.backend());
    Map<String, HostTensor> expected = velocities(context, context.reference());
    checks.hint(
        "look for what is remembered of hidden states: a velocity depends on them, on the cache and"
            + " on the time of this call, whichever call made them and whatever came between");
    expected.forEach(
        (name, values) -> checks.compare(name, actual.get(name), values, Within.STAGE));
  }

  private static Map<String, HostTensor> velocities(CheckContext context, Backend backend) {
    Map<String, HostTensor> found = new LinkedHashMap<>();
    try (Closer closer = new Closer()) {
      List<PromptBranch> branches = new ArrayList<>();
      branches.add(closer.add(PromptBranch.open(backend, PROMPT)));
      branches.add(closer.add(PromptBranch.open(backend, EMPTY)));
      ImageStates image = ImageStates.of(context, branches, 1, 0.2f, closer);
      image.together("at the time of the backbone", 0.2f, found);
      ImageStates another = ImageStates.of(context, branches, 2, 0.3f, closer);
      another.together("another image", 0.3f, found);
      image.together("at a later time", 0.5f, found);
      another.alone("another image later", 0.6f, found);
      image.alone("at a still later time", 0.8f, found);
      image.together("at the first time again", 0.2f, found);
    }
    return found;
  }

  /** The hidden states of an image that is being made, one for each branch. */
  private record ImageStates(List<PromptBranch> branches, List<Tensor> states) {

    static ImageStates of(
        CheckContext context, List<PromptBranch> branches, long seed, float time, Closer closer) {
      Backend backend = branches.get(0).backend();
      try (Tensor image = backend.upload(Inputs.positions(context, seed, 1, LENGTH));
          TimeFeatures features =
              backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
        return new ImageStates(
            branches,
            closer.addAll(
                backend
                    .backbone()
                    .evaluateAll(
                        branches.stream().map(each -> each.span(features, image)).toList())));
      }
    }

    /** The velocities of both branches by one call. */
    void together(String name, float time, Map<String, HostTensor> found) {
      velocities(
          name, time, found, (backend, requests) -> backend.flowHead().velocityAll(requests));
    }

    /** The velocities of both branches by a call for each. */
    void alone(String name, float time, Map<String, HostTensor> found) {
      velocities(
          name,
          time,
          found,
          (backend, requests) -> requests.stream().map(backend.flowHead()::velocity).toList());
    }

    private interface Call {
      List<Tensor> velocities(Backend backend, List<FlowHeadRequest> requests);
    }

    private void velocities(String name, float time, Map<String, HostTensor> found, Call call) {
      Backend backend = branches.get(0).backend();
      try (TimeFeatures features =
              backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1));
          Closer closer = new Closer()) {
        List<FlowHeadRequest> requests = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
          requests.add(
              FlowHeadRequest.span(branches.get(i).flowHead(), states.get(i), features.vector()));
        }
        List<Tensor> velocities = closer.addAll(call.velocities(backend, requests));
        found.put(name + ", with the prompt", velocities.get(0).toHost());
        found.put(name + ", without it", velocities.get(1).toHost());
      }
    }
  }
}
