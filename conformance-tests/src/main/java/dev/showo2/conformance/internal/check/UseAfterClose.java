package dev.showo2.conformance.internal.check;

import dev.showo2.conformance.internal.compare.Checks;
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

/** Tensors, caches and streams that are closed, or whose backend is. */
final class UseAfterClose {

  private UseAfterClose() {}

  static List<Check> checks() {
    return List.of(
        Check.of(Rule.R05, "tensors", UseAfterClose::tensors),
        Check.of(Rule.R05, "caches", UseAfterClose::caches),
        Check.of(Rule.R05, "streams", UseAfterClose::streams),
        Check.of(Rule.R05, "backend", UseAfterClose::backend));
  }

  private static Refusals refusals(Checks checks, String what) {
    return new Refusals(
        checks,
        IllegalStateException.class,
        "each use has to ask whether the " + what + " is still open before it touches memory");
  }

  private static void tensors(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "tensor");
    Backend backend = trial.backend();
    Tensor tensor = backend.upload(Inputs.normal(1, 1, 4));
    tensor.close();
    refusals.of("Tensor.read", () -> read(tensor, 4));
    refusals.of("Tensor.toHost", tensor::toHost);
    for (TensorCall call : StageCalls.withTensors(trial)) {
      Tensor argument = backend.upload(call.argument());
      argument.close();
      try (ResourceScope held = new ResourceScope()) {
        Function<Tensor, List<Tensor>> prepared = call.preparation().on(backend, held);
        refusals.of(call.name(), () -> prepared.apply(argument));
      }
    }
  }

  private static void caches(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "cache");
    HostTensor segment = CacheCalls.segment(trial, 1);
    Backend backend = trial.backend();
    for (CacheCalls calls : CacheCalls.of(trial)) {
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

  private static void streams(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "stream");
    for (TensorCall call : StageCalls.withTensors(trial)) {
      if (call.stage() == Stage.VAE_VIDEO_ENCODER || call.stage() == Stage.VAE_VIDEO_DECODER) {
        Function<Tensor, List<Tensor>> prepared;
        try (ResourceScope held = new ResourceScope()) {
          prepared = call.preparation().on(trial.backend(), held);
        }
        try (Tensor argument = trial.backend().upload(call.argument())) {
          refusals.of(call.name(), () -> prepared.apply(argument));
        }
      }
    }
  }

  private static void backend(CheckContext trial, Checks checks) {
    Refusals refusals = refusals(checks, "backend");
    try (ResourceScope held = new ResourceScope()) {
      Backend backend = held.add(trial.provider().open(trial.bundle(), trial.config()));
      Tensor tensor = held.add(backend.upload(Inputs.normal(1, 1, 4)));
      List<Prepared> calls = new ArrayList<>();
      for (TensorCall call : StageCalls.withTensors(trial)) {
        Tensor argument = held.add(backend.upload(call.argument()));
        calls.add(new Prepared(call.name(), call.preparation().on(backend, held), argument));
      }
      List<KvCache> caches =
          CacheCalls.of(trial).stream()
              .map(each -> held.add(each.newCache().apply(backend, 1)))
              .toList();
      List<Prepared> withoutTensors = withoutTensors(backend);
      backend.close();
      withoutTensors.forEach(each -> refusals.of(each.name, () -> each.call.apply(each.argument)));
      refusals.of("Backend.upload", () -> backend.upload(Inputs.normal(1, 1, 4)));
      refusals.of("Tensor.read", () -> read(tensor, 4));
      caches.forEach(cache -> refusals.of("KvCache.fork", cache::fork));
      calls.forEach(each -> refusals.of(each.name, () -> each.call.apply(each.argument)));
      CacheCalls.of(trial)
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
