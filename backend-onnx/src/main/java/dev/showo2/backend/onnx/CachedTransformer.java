package dev.showo2.backend.onnx;

import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * What backbone and flow head have in common: a graph that takes the past and gives it back longer.
 */
final class CachedTransformer {

  private final OnnxGraph graph;
  private final OnnxValues values;
  private final Lifetime lifetime;
  private final int keyValueHeads;
  private final int headSize;
  private final List<String> pastNames;
  private final List<String> presentNames;

  CachedTransformer(
      OnnxGraph graph,
      OnnxValues values,
      Lifetime lifetime,
      int layers,
      int keyValueHeads,
      int headSize) {
    this.graph = graph;
    this.values = values;
    this.lifetime = lifetime;
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
    this.pastNames = names("past", layers);
    this.presentNames = names("present", layers);
  }

  private static List<String> names(String prefix, int layers) {
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      names.add(prefix + "_key_" + layer);
      names.add(prefix + "_value_" + layer);
    }
    return List.copyOf(names);
  }

  OnnxKvCache newCache(CacheRequest request) {
    if (request.batch() < 1) {
      throw new IllegalArgumentException(
          "a cache holds at least one sequence, got " + request.batch());
    }
    return lifetime.whileOpen(
        () -> {
          List<NativeValue> empty = new ArrayList<>();
          try {
            for (int i = 0; i < pastNames.size(); i++) {
              empty.add(values.floats(new float[0], request.batch(), keyValueHeads, 0, headSize));
            }
          } catch (RuntimeException e) {
            empty.forEach(NativeValue::free);
            throw e;
          }
          return new OnnxKvCache(this, request.batch(), 0, empty);
        });
  }

  /** Runs what must not happen after the backend was closed. */
  <T> T whileOpen(Supplier<T> call) {
    return lifetime.whileOpen(call);
  }

  NativeValue firstPositions(NativeValue value, int length) {
    return lifetime.whileOpen(() -> values.firstPositions(value, length));
  }

  /** A call with the past of the cache, the positions of the segment, and its mask. */
  OnnxCall call(KvCache cache, long batch, int length, Attention attention) {
    OnnxKvCache past = own(cache);
    if (past.batch() != batch) {
      throw new IllegalArgumentException(
          "the cache holds " + past.batch() + " sequences, the segment " + batch);
    }
    OnnxCall call = new OnnxCall(graph, values, lifetime);
    try {
      for (int i = 0; i < pastNames.size(); i++) {
        call.input(pastNames.get(i), past.values().get(i));
      }
      long[] positions = new long[length];
      Arrays.setAll(positions, i -> past.length() + i);
      call.integers("positions", positions, length);
      addMask(call, past.length(), length, attention);
      return call;
    } catch (RuntimeException e) {
      call.close();
      throw e;
    }
  }

  private static void addMask(OnnxCall call, int past, int length, Attention attention) {
    if (attention == Attention.FULL || length == 1) {
      call.floats("attention_mask", new float[1], 1, 1);
      return;
    }
    int total = past + length;
    float[] mask = new float[length * total];
    for (int row = 0; row < length; row++) {
      Arrays.fill(mask, row * total + past + row + 1, (row + 1) * total, Float.NEGATIVE_INFINITY);
    }
    call.floats("attention_mask", mask, length, total);
  }

  /** Runs and keeps the longer past; gives the named output, or null for none. */
  NativeValue append(OnnxCall call, KvCache cache, int length, String output) {
    OnnxKvCache past = own(cache);
    List<String> outputs = new ArrayList<>(presentNames);
    if (output != null) {
      outputs.add(output);
    }
    List<NativeValue> results = call.run(outputs);
    past.replace(results.subList(0, presentNames.size()), past.length() + length);
    return output == null ? null : results.get(results.size() - 1);
  }

  private OnnxKvCache own(KvCache cache) {
    if (!(cache instanceof OnnxKvCache own) || !own.belongsTo(this)) {
      throw new IllegalArgumentException("the cache was made by another stage");
    }
    return own;
  }
}
