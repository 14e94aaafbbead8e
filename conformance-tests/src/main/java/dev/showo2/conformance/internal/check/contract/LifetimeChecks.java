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
import dev.showo2.stage.Stage;
import dev.showo2.stage.TextEmbedding;
import dev.showo2.stage.TextEmbeddingRequest;
import dev.showo2.stage.TimeEmbedding;
import dev.showo2.stage.TimeEmbeddingRequest;
import dev.showo2.tensor.HostTensor;
import dev.showo2.tensor.Tensor;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Checks of: closing twice, and use of closed objects. */
final class LifetimeChecks {

  private LifetimeChecks() {}

  static List<Check> all() {
    return List.of(
        Check.of(Rule.R04, "tensors", LifetimeChecks::r04Tensors),
        Check.of(Rule.R04, "results, caches and streams", LifetimeChecks::r04Results),
        Check.of(Rule.R04, "forks", LifetimeChecks::r04Forks),
        Check.of(Rule.R04, "backend", LifetimeChecks::r04Backend),
        Check.of(Rule.R05, "tensors", LifetimeChecks::r05Tensors),
        Check.of(Rule.R05, "caches", LifetimeChecks::r05Caches),
        Check.of(Rule.R05, "streams", LifetimeChecks::r05Streams),
        Check.of(Rule.R05, "backend", LifetimeChecks::r05Backend));
  }

  private static void r04Tensors(CheckContext context, Checks checks) {
    Backend backend = context.backend();
    HostTensor first = Inputs.normal(1, 1, 8);
    HostTensor second = Inputs.normal(2, 1, 8);
    Tensor closed = backend.upload(first);
    closed.close();
    closeAgain(checks, "an uploaded tensor", closed);
    // Memory that was given back twice would now be handed out twice.
    try (Tensor one = backend.upload(first);
        Tensor other = backend.upload(second)) {
      checks.compare("the next tensor", one, first, Within.STAGE);
      checks.compare("the one after it", other, second, Within.STAGE);
    }
  }

  private static void r04Results(CheckContext context, Checks checks) {
    for (StageCall call : StageCall.allOf(context)) {
      ResourceScope inputs = new ResourceScope();
      List<Tensor> results;
      try (inputs) {
        results = call.run().on(context.backend(), inputs);
      }
      for (AutoCloseable input : inputs.all()) {
        closeAgain(checks, "what went into " + call.name(), input);
      }
      for (Tensor result : results) {
        result.close();
        closeAgain(checks, "a result of " + call.name(), result);
      }
    }
  }

  private static void r04Forks(CheckContext context, Checks checks) {
    HostTensor segment = CacheCalls.segment(context, 1);
    Backend backend = context.backend();
    for (CacheCalls calls : CacheCalls.of(context)) {
      try (KvCache original = calls.filled(backend, segment)) {
        HostTensor before = calls.seen(backend, original, segment);
        KvCache fork = original.fork();
        fork.close();
        closeAgain(checks, "a fork in " + calls.stage().id(), fork);
        checks.compare(
            "the original in " + calls.stage().id(),
            calls.seen(backend, original, segment),
            before,
            Within.SAME_CALL);
      }
    }
  }

  private static void r04Backend(CheckContext context, Checks checks) {
    Backend backend = context.provider().open(context.bundle(), context.config());
    backend.close();
    closeAgain(checks, "a backend", backend);
  }

  private static void closeAgain(Checks checks, String name, AutoCloseable closed) {
    String problem = "";
    try {
      closed.close();
    } catch (Exception | LinkageError | AssertionError e) {
      problem = "threw " + e + " when it was closed a second time; note the first time";
    }
    checks.require(name, problem.isEmpty(), problem);
  }

  private static Refusals refusals(Checks checks, String what) {
    return new Refusals(
        checks,
        IllegalStateException.class,
        "each use has to ask whether the " + what + " is still open before it touches memory");
  }

  private static void r05Tensors(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "tensor");
    Backend backend = context.backend();
    Tensor tensor = backend.upload(Inputs.normal(1, 1, 4));
    tensor.close();
    refusals.of("Tensor.read", () -> read(tensor, 4));
    refusals.of("Tensor.toHost", tensor::toHost);
    for (TensorCall call : TensorCall.allOf(context)) {
      Tensor argument = backend.upload(call.argument());
      argument.close();
      try (ResourceScope held = new ResourceScope()) {
        Function<Tensor, List<Tensor>> prepared = call.preparation().on(backend, held);
        refusals.of(call.name(), () -> prepared.apply(argument));
      }
    }
  }

  private static void r05Caches(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "cache");
    HostTensor segment = CacheCalls.segment(context, 1);
    Backend backend = context.backend();
    for (CacheCalls calls : CacheCalls.of(context)) {
      KvCache cache = calls.filled(backend, segment);
      cache.close();
      String of = " of a cache of " + calls.stage().id();
      refusals.of("fork" + of, cache::fork);
      refusals.of(
          "truncate" + of,
          () -> {
            cache.truncate(1);
            return null;
          });
      try (Tensor next = backend.upload(segment)) {
        refusals.of(
            "appending to a cache of " + calls.stage().id(),
            () -> {
              calls.append().to(backend, cache, next);
              return null;
            });
        refusals.of(
            "looking back at a cache of " + calls.stage().id(),
            () -> calls.look().at(backend, cache, next));
      }
    }
  }

  private static void r05Streams(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "stream");
    for (TensorCall call : TensorCall.allOf(context)) {
      if (call.stage() == Stage.VAE_VIDEO_ENCODER || call.stage() == Stage.VAE_VIDEO_DECODER) {
        Function<Tensor, List<Tensor>> prepared;
        try (ResourceScope held = new ResourceScope()) {
          prepared = call.preparation().on(context.backend(), held);
        }
        try (Tensor argument = context.backend().upload(call.argument())) {
          refusals.of(call.name(), () -> prepared.apply(argument));
        }
      }
    }
  }

  private static void r05Backend(CheckContext context, Checks checks) {
    Refusals refusals = refusals(checks, "backend");
    try (ResourceScope held = new ResourceScope()) {
      Backend backend = held.add(context.provider().open(context.bundle(), context.config()));
      Tensor tensor = held.add(backend.upload(Inputs.normal(1, 1, 4)));
      List<Prepared> calls = new ArrayList<>();
      for (TensorCall call : TensorCall.allOf(context)) {
        Tensor argument = held.add(backend.upload(call.argument()));
        calls.add(new Prepared(call.name(), call.preparation().on(backend, held), argument));
      }
      List<KvCache> caches =
          CacheCalls.of(context).stream()
              .map(each -> held.add(each.newCache().apply(backend, 1)))
              .toList();
      List<Prepared> withoutTensors = withoutTensors(backend);
      backend.close();
      withoutTensors.forEach(each -> refusals.of(each.name, () -> each.call.apply(each.argument)));
      refusals.of("Backend.upload", () -> backend.upload(Inputs.normal(1, 1, 4)));
      refusals.of("Tensor.read", () -> read(tensor, 4));
      caches.forEach(cache -> refusals.of("KvCache.fork", cache::fork));
      calls.forEach(each -> refusals.of(each.name, () -> each.call.apply(each.argument)));
      CacheCalls.of(context)
          .forEach(
              each ->
                  refusals.of(
                      "a new cache of " + each.stage().id(),
                      () -> each.newCache().apply(backend, 1)));
    }
  }

  /** Calls that take numbers alone, on stages that were asked for while the backend was open. */
  private static List<Prepared> withoutTensors(Backend backend) {
    List<Prepared> calls = new ArrayList<>();
    if (backend.capabilities().supports(Stage.TEXT_EMBEDDING)) {
      TextEmbedding stage = backend.textEmbedding();
      TextEmbeddingRequest ids = TextEmbeddingRequest.repeated(new int[] {0}, 1);
      calls.add(new Prepared("TextEmbedding.embed", none -> List.of(stage.embed(ids)), null));
    }
    if (backend.capabilities().supports(Stage.TIME_EMBEDDING)) {
      TimeEmbedding stage = backend.timeEmbedding();
      TimeEmbeddingRequest times = TimeEmbeddingRequest.repeated(0.5f, 1);
      calls.add(
          new Prepared("TimeEmbedding.embed", none -> List.of(stage.embed(times).vector()), null));
    }
    return calls;
  }

  private record Prepared(String name, Function<Tensor, List<Tensor>> call, Tensor argument) {}

  private static Object read(Tensor tensor, int count) {
    tensor.read(FloatBuffer.allocate(count));
    return null;
  }
}
