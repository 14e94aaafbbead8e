package dev.showo2.conformance.internal.check.contract;

import dev.showo2.conformance.internal.check.Check;
import dev.showo2.conformance.internal.check.CheckContext;
import dev.showo2.conformance.internal.check.Inputs;
import dev.showo2.conformance.internal.check.Refusals;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.rules.Rule;
import dev.showo2.spi.Backend;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Shape;
import dev.showo2.tensor.Tensor;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Checks of: tensors and caches that a stage has to refuse. */
final class RefusalChecks {

  private RefusalChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R06, "tensors of another backend", RefusalChecks::r06ForeignTensors),
        Check.of(Rule.R06, "caches of another backend", RefusalChecks::r06CachesOfAnotherBackend),
        Check.of(
            Rule.R06, "caches of the other transformer", RefusalChecks::r06CachesOfTheOtherStage),
        Check.of(Rule.R06, "caches for another batch", RefusalChecks::r06CachesForAnotherBatch),
        Check.of(Rule.R07, "misshapen tensors", RefusalChecks::r07MisshapenTensors));
  }

  private static void r06ForeignTensors(CheckContext context, Checks checks) {
    Refusals refusals =
        new Refusals(
            checks,
            IllegalArgumentException.class,
            "a tensor has to know the backend that made it, and stages have to ask");
    try (Backend another = context.provider().open(context.bundle(), context.config())) {
      withEachCall(
          context,
          checks,
          (call, prepared) -> {
            try (Tensor foreign = another.upload(call.argument())) {
              refusals.of(call.name(), () -> prepared.apply(foreign));
            }
          });
    }
  }

  private static void r07MisshapenTensors(CheckContext context, Checks checks) {
    Refusals refusals =
        new Refusals(
            checks,
            IllegalArgumentException.class,
            "shapes have to be compared with the sizes of the model before the engine sees them");
    withEachCall(
        context,
        checks,
        (call, prepared) -> {
          for (Shape shape : call.misshapen()) {
            try (Tensor argument = context.backend().upload(Inputs.normal(1, shape.toArray()))) {
              refusals.of(
                  call.name() + " " + shape + " instead of " + call.shape(),
                  () -> prepared.apply(argument));
            }
          }
        });
  }

  /** Lets each call be disturbed, and compares what it gives then with what it always gives. */
  private static void withEachCall(
      CheckContext context,
      Checks checks,
      BiConsumer<TensorCall, Function<Tensor, List<Tensor>>> disturbance) {
    Backend backend = context.backend();
    for (TensorCall call : TensorCall.allOf(context)) {
      List<HostTensor> expected = call.withArgument().values(backend);
      try (ResourceScope held = new ResourceScope()) {
        Function<Tensor, List<Tensor>> prepared = call.preparation().on(backend, held);
        disturbance.accept(call, prepared);
        List<HostTensor> found = call.values(backend, prepared);
        for (int i = 0; i < expected.size(); i++) {
          checks.compare(
              call.name() + " afterwards", found.get(i), expected.get(i), Within.SAME_CALL);
        }
      }
    }
  }

  private static Refusals refusals(Checks checks, String advice) {
    return new Refusals(checks, IllegalArgumentException.class, advice);
  }

  private static void r06CachesOfAnotherBackend(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "a cache has to know the backend that made it");
    HostTensor segment = CacheCalls.segment(context, 1);
    try (Backend another = context.provider().open(context.bundle(), context.config())) {
      for (CacheCalls calls : CacheCalls.of(context)) {
        try (KvCache foreign = calls.filled(another, segment)) {
          refused(refusals, context.backend(), calls, foreign, segment);
          checks.compare("length of the foreign cache", foreign.length(), CacheCalls.LENGTH);
        }
      }
    }
  }

  private static void r06CachesOfTheOtherStage(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "a cache has to know the stage that made it");
    HostTensor segment = CacheCalls.segment(context, 1);
    Backend backend = context.backend();
    List<CacheCalls> both = CacheCalls.of(context);
    if (both.size() < 2) {
      checks.cannotRun("the backend lacks one of the two transformers");
      return;
    }
    for (CacheCalls calls : both) {
      CacheCalls other = both.get(calls == both.get(0) ? 1 : 0);
      try (KvCache cache = other.filled(backend, segment)) {
        HostTensor before = other.seen(backend, cache, segment);
        refused(refusals, backend, calls, cache, segment);
        checks.compare(
            "the cache of " + other.stage().id() + " afterwards",
            other.seen(backend, cache, segment),
            before,
            Within.SAME_CALL);
      }
    }
  }

  private static void r06CachesForAnotherBatch(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "compare the batch of a segment with its cache's");
    HostTensor one = CacheCalls.segment(context, 1);
    HostTensor two = CacheCalls.segment(context, 2);
    Backend backend = context.backend();
    for (CacheCalls calls : CacheCalls.of(context)) {
      try (KvCache cache = calls.filled(backend, two)) {
        HostTensor before = calls.seen(backend, cache, two);
        refused(refusals, backend, calls, cache, one);
        checks.compare(
            "the cache of " + calls.stage().id() + " afterwards",
            calls.seen(backend, cache, two),
            before,
            Within.SAME_CALL);
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
