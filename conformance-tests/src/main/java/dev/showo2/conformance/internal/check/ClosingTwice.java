package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.util.List;

/** A second close does nothing, neither to what was closed nor to anything else. */
final class ClosingTwice {

  private ClosingTwice() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R04, "tensors", ClosingTwice::tensors),
        Check.of(Rule.R04, "results, caches and streams", ClosingTwice::results),
        Check.of(Rule.R04, "forks", ClosingTwice::forks),
        Check.of(Rule.R04, "backend", ClosingTwice::backend));
  }

  private static void tensors(CheckContext trial, Checks checks) {
    Backend backend = trial.backend();
    HostTensor first = Inputs.normal(1, 1, 8);
    HostTensor second = Inputs.normal(2, 1, 8);
    Tensor closed = backend.upload(first);
    closed.close();
    again(checks, "an uploaded tensor", closed);
    // Memory that was given back twice would now be handed out twice.
    try (Tensor one = backend.upload(first);
        Tensor other = backend.upload(second)) {
      checks.stage("the next tensor", one, first);
      checks.stage("the one after it", other, second);
    }
  }

  private static void results(CheckContext trial, Checks checks) {
    for (StageCall call : StageCalls.of(trial)) {
      ResourceScope inputs = new ResourceScope();
      List<Tensor> results;
      try (inputs) {
        results = call.run().on(trial.backend(), inputs);
      }
      for (AutoCloseable input : inputs.all()) {
        again(checks, "what went into " + call.name(), input);
      }
      for (Tensor result : results) {
        result.close();
        again(checks, "a result of " + call.name(), result);
      }
    }
  }

  private static void forks(CheckContext trial, Checks checks) {
    HostTensor segment = CacheCalls.segment(trial, 1);
    Backend backend = trial.backend();
    for (CacheCalls calls : CacheCalls.of(trial)) {
      try (KvCache original = calls.filled(backend, segment)) {
        HostTensor before = calls.seen(backend, original, segment);
        KvCache fork = original.fork();
        fork.close();
        again(checks, "a fork in " + calls.stage().id(), fork);
        checks.again(
            "the original in " + calls.stage().id(),
            calls.seen(backend, original, segment),
            before);
      }
    }
  }

  private static void backend(CheckContext trial, Checks checks) {
    Backend backend = trial.provider().open(trial.bundle(), trial.config());
    backend.close();
    again(checks, "a backend", backend);
  }

  private static void again(Checks checks, String name, AutoCloseable closed) {
    String problem = "";
    try {
      closed.close();
    } catch (Exception | LinkageError | AssertionError e) {
      problem = "threw " + e + " when it was closed a second time; note the first time";
    }
    checks.holds(name, problem.isEmpty(), problem);
  }
}
