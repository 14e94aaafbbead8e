package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** Caches of another backend, of the other transformer and for another batch. */
final class ForeignCaches {

  private ForeignCaches() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R06, "caches of another backend", ForeignCaches::ofAnotherBackend),
        Check.of(Rule.R06, "caches of the other transformer", ForeignCaches::ofTheOtherStage),
        Check.of(Rule.R06, "caches for another batch", ForeignCaches::forAnotherBatch));
  }

  private static Refusals refusals(Checks checks, String advice) {
    return new Refusals(checks, IllegalArgumentException.class, advice);
  }

  private static void ofAnotherBackend(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "a cache has to know the backend that made it");
    HostTensor segment = CacheCalls.segment(trial, 1);
    try (Backend another = trial.provider().open(trial.bundle(), trial.config())) {
      for (CacheCalls calls : CacheCalls.of(trial)) {
        try (KvCache foreign = calls.filled(another, segment)) {
          refused(refusals, trial.backend(), calls, foreign, segment);
          checks.exact("length of the foreign cache", foreign.length(), CacheCalls.LENGTH);
        }
      }
    }
  }

  private static void ofTheOtherStage(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "a cache has to know the stage that made it");
    HostTensor segment = CacheCalls.segment(trial, 1);
    Backend backend = trial.backend();
    List<CacheCalls> both = CacheCalls.of(trial);
    if (both.size() < 2) {
      checks.cannotRun("the backend lacks one of the two transformers");
      return;
    }
    for (CacheCalls calls : both) {
      CacheCalls other = both.get(calls == both.get(0) ? 1 : 0);
      try (KvCache cache = other.filled(backend, segment)) {
        HostTensor before = other.seen(backend, cache, segment);
        refused(refusals, backend, calls, cache, segment);
        checks.again(
            "the cache of " + other.stage().id() + " afterwards",
            other.seen(backend, cache, segment),
            before);
      }
    }
  }

  private static void forAnotherBatch(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "hold the batch of a segment against its cache's");
    HostTensor one = CacheCalls.segment(trial, 1);
    HostTensor two = CacheCalls.segment(trial, 2);
    Backend backend = trial.backend();
    for (CacheCalls calls : CacheCalls.of(trial)) {
      try (KvCache cache = calls.filled(backend, two)) {
        HostTensor before = calls.seen(backend, cache, two);
        refused(refusals, backend, calls, cache, one);
        checks.again(
            "the cache of " + calls.stage().id() + " afterwards",
            calls.seen(backend, cache, two),
            before);
      }
    }
  }

  private static void refused(
      Refusals refusals, Backend backend, CacheCalls calls, KvCache cache, HostTensor values) {
    try (Tensor segment = backend.upload(values)) {
      refusals.of(
          "appending in " + calls.stage().id(),
          () -> {
            calls.append().to(backend, cache, segment);
            return null;
          });
      refusals.of(
          "looking back in " + calls.stage().id(), () -> calls.look().at(backend, cache, segment));
    }
  }
}
