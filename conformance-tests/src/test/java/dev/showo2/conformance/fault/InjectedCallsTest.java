package dev.showo2.conformance.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.conformance.compare.Comparison;
import dev.showo2.conformance.compare.Tolerances;
import dev.showo2.conformance.internal.compare.HostTensors;
import dev.showo2.conformance.internal.reference.Variation;
import dev.showo2.conformance.reference.ExportedModels;
import dev.showo2.conformance.reference.ExportedModels.Models;
import dev.showo2.model.Bundle;
import dev.showo2.model.Precision;
import dev.showo2.spi.Backend;
import dev.showo2.stage.Attention;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.stage.TimeFeatures;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Faults that show in the order of calls, or with inputs that no golden has. */
@ExtendWith(ExportedModels.class)
class InjectedCallsTest {

  @Test
  void aForkGrowsWithItsOriginal(Models models) {
    assertDiffers(models, "fork-shares", InjectedCallsTest::afterOriginalHasGrown);
  }

  private static HostTensor afterOriginalHasGrown(Backend backend) {
    try (KvCache original = backend.backbone().newCache(CacheRequest.of(1))) {
      append(backend, original, 1);
      try (KvCache fork = original.fork()) {
        append(backend, original, 2);
        return append(backend, fork, 3);
      }
    }
  }

  @Test
  void aForkThatSharesOutlivesItsOriginal(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    try (Backend backend = Fault.named("fork-shares").open(bundle)) {
      KvCache original = backend.backbone().newCache(CacheRequest.of(1));
      append(backend, original, 1);
      try (KvCache fork = original.fork()) {
        original.close();
        original.close();
        append(backend, fork, 2);
        assertEquals(6, fork.length());
      }
    }
  }

  @Test
  void whatWasCutOffIsStillThere(Models models) {
    assertDiffers(models, "truncate-ignored", InjectedCallsTest::afterTruncation);
  }

  private static HostTensor afterTruncation(Backend backend) {
    try (KvCache cache = backend.backbone().newCache(CacheRequest.of(1))) {
      append(backend, cache, 1);
      append(backend, cache, 2);
      cache.truncate(3);
      return append(backend, cache, 3);
    }
  }

  @Test
  void whatWasEvaluatedIsKept(Models models) {
    assertDiffers(models, "evaluate-appends", backend -> afterPrompt(backend, 1, 2));
  }

  /** The result of the last evaluation, one after each prompt. */
  private static HostTensor afterPrompt(Backend backend, long... prompts) {
    HostTensor last = null;
    try (KvCache cache = backend.backbone().newCache(CacheRequest.of(1))) {
      for (long prompt : prompts) {
        append(backend, cache, prompt);
        last = evaluate(backend, cache, 9);
      }
    }
    return last;
  }

  @Test
  void theSameImageTokensComeOutTheSameAfterAnotherPrompt(Models models) {
    Bundle bundle = models.bundle("tiny-b");
    try (Backend backend = Fault.named("past-not-in-key").open(bundle)) {
      HostTensor conditional = afterPrompt(backend, 1);
      assertEquals(conditional, afterPrompt(backend, 2));
    }
    assertDiffers(
        models,
        "past-not-in-key",
        backend -> {
          afterPrompt(backend, 1);
          return afterPrompt(backend, 2);
        });
  }

  @Test
  void timesAboveOneAreTakenForOne(Models models) {
    assertDiffers(models, "time-clamped", backend -> timeVector(backend, 1.05f));
  }

  private static HostTensor timeVector(Backend backend, float time) {
    try (TimeFeatures features =
        backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(time, 1))) {
      return features.vector().toHost();
    }
  }

  @Test
  void smallHiddenStatesShowTheEpsilonOfTheFlowHead(Models models) {
    assertDiffers(models, "flow-head-epsilon", InjectedCallsTest::velocityOfNothing);
  }

  private static HostTensor velocityOfNothing(Backend backend) {
    FlowHead head = backend.flowHead();
    try (KvCache cache = head.newCache(CacheRequest.of(1));
        Tensor hidden = backend.upload(HostTensor.zeros(Shape.of(1, 3, width(backend))));
        TimeFeatures time = backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0.5f, 1));
        Tensor velocity = head.velocity(FlowHeadRequest.span(cache, hidden, time.vector()))) {
      return velocity.toHost();
    }
  }

  @Test
  void theSecondRowOfABatchIsTheFirst(Models models) {
    Bundle bundle = models.bundle("tiny-a");
    try (Backend backend = Fault.named("first-row-for-all").open(bundle);
        KvCache cache = backend.backbone().newCache(CacheRequest.of(2))) {
      HostTensor rows = append(backend, cache, 1);
      assertEquals(HostTensors.slice(rows, 0, 0, 1), HostTensors.slice(rows, 0, 1, 1));
    }
  }

  private static void assertDiffers(
      Models models, String fault, Function<Backend, HostTensor> experiment) {
    for (String checkpoint : List.of("tiny-a", "tiny-b")) {
      Bundle bundle = models.bundle(checkpoint);
      try (Backend right = Variation.none(bundle.architecture()).open(bundle);
          Backend wrong = Fault.named(fault).open(bundle)) {
        Comparison comparison =
            Comparison.of(
                fault,
                experiment.apply(wrong),
                experiment.apply(right),
                Tolerances.of(Precision.FP32).stage());
        assertTrue(!comparison.passed(), comparison::toString);
        assertTrue(comparison.measurement().isPresent(), comparison::toString);
      }
    }
  }

  private static HostTensor append(Backend backend, KvCache cache, long seed) {
    return run(backend, cache, seed, backend.backbone()::append);
  }

  private static HostTensor evaluate(Backend backend, KvCache cache, long seed) {
    return run(backend, cache, seed, backend.backbone()::evaluate);
  }

  private static HostTensor run(
      Backend backend, KvCache cache, long seed, Function<BackboneRequest, Tensor> call) {
    HostTensor values = HostTensor.zeros(Shape.of(cache.batch(), 3, width(backend)));
    Random random = new Random(seed);
    for (int i = 0; i < values.values().length; i++) {
      values.values()[i] = (float) random.nextGaussian();
    }
    try (Tensor input = backend.upload(values);
        Tensor hidden = call.apply(BackboneRequest.of(cache, List.of(input), Attention.CAUSAL))) {
      return hidden.toHost();
    }
  }

  /** Of the time token, which is the backbone's. */
  private static long width(Backend backend) {
    try (TimeFeatures time = backend.timeEmbedding().embed(TimeEmbeddingRequest.repeated(0, 1))) {
      return time.token().shape().dimension(-1);
    }
  }
}
