package dev.showo2.backend.onnx;

import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.StageArguments.BackboneArguments;
import dev.showo2.spi.support.StageArguments.FlowHeadArguments;
import dev.showo2.stage.Attention;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A graph that takes the keys and values of a prefix and gives them back longer: the common part of
 * backbone and flow head.
 */
abstract class OnnxTransformer {

  final OnnxContext context;
  private final Stage stage;
  private final int keyValueHeads;
  private final int headSize;
  private final List<String> prefixNames;
  private final List<String> grownNames;

  private OnnxTransformer(
      OnnxContext context, Stage stage, int layers, int keyValueHeads, int headSize) {
    this.context = context;
    this.stage = stage;
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
    this.prefixNames = names("past", layers);
    this.grownNames = names("present", layers);
  }

  static Backbone backbone(OnnxContext context) {
    return new OnnxBackbone(context);
  }

  static FlowHead flowHead(OnnxContext context) {
    return new OnnxFlowHead(context);
  }

  /** The names of inputs or outputs in exported graphs. */
  private static List<String> names(String kind, int layers) {
    List<String> names = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      names.add(kind + "_key_" + layer);
      names.add(kind + "_value_" + layer);
    }
    return List.copyOf(names);
  }

  public KvCache newCache(CacheRequest request) {
    int batch = OnnxKvCache.requireBatch(request.batch());
    return context
        .lifetime()
        .call(
            () -> {
              try (Closer closer = new Closer()) {
                List<NativeValue> empty = new ArrayList<>();
                for (int i = 0; i < prefixNames.size(); i++) {
                  empty.add(
                      closer.add(
                          context
                              .values()
                              .floats(new float[0], batch, keyValueHeads, 0, headSize)));
                }
                OnnxKvCache cache = new OnnxKvCache(context, stage, request, empty);
                closer.keepAll();
                return cache;
              }
            });
  }

  /**
   * A call with the prefix in the cache, the positions of the segment, and what each of them sees.
   */
  final OnnxCall call(OnnxKvCache cache, int length, Attention attention) {
    OnnxCall call = context.call(stage);
    try {
      for (int i = 0; i < prefixNames.size(); i++) {
        call.input(prefixNames.get(i), cache.values().get(i));
      }
      long[] positions = new long[length];
      Arrays.setAll(positions, i -> cache.length() + i);
      call.integers("positions", positions, length);
      if (growsInPlace()) {
        call.integer("past_length", cache.length());
        call.bool("causal", attention == Attention.CAUSAL);
        call.bool("in_place", canGrowInPlace(cache, length, attention));
      } else {
        addMask(call, cache.length(), length, attention);
      }
      return call;
    } catch (Throwable e) {
      Closer.closeAfter(e, call);
      throw e;
    }
  }

  /** Whether the graph takes prefixes with room; those of older bundles do not. */
  private boolean growsInPlace() {
    return context.sessions().graph(stage).hasInput("past_length");
  }

  /** What the engine's operator is made for, see the exporter's graphs. */
  private static boolean canGrowInPlace(OnnxKvCache cache, int length, Attention attention) {
    return length == 1
        || attention == Attention.CAUSAL && (cache.batch() == 1 || cache.length() == 0);
  }

  /** As {@link #call}, after which the cache has the segment's positions, too. */
  final OnnxCall appending(OnnxKvCache cache, int length, Attention attention) {
    if (!growsInPlace() || !canGrowInPlace(cache, length, attention)) {
      return call(cache, length, attention);
    }
    cache.claim(length);
    OnnxCall call = call(cache, length, attention);
    for (int i = 0; i < grownNames.size(); i++) {
      call.inPlace(grownNames.get(i), cache.values().get(i));
    }
    return call;
  }

  private static void addMask(OnnxCall call, int prefix, int length, Attention attention) {
    if (attention == Attention.FULL || length == 1) {
      call.floats("attention_mask", new float[1], 1, 1);
      return;
    }
    int total = prefix + length;
    float[] mask = new float[length * total];
    for (int row = 0; row < length; row++) {
      Arrays.fill(mask, row * total + prefix + row + 1, (row + 1) * total, Float.NEGATIVE_INFINITY);
    }
    call.floats("attention_mask", mask, length, total);
  }

  /** Runs and keeps the longer prefix; gives the values of the other outputs. */
  final List<NativeValue> append(OnnxCall call, OnnxKvCache cache, int length, String... others) {
    List<String> outputs = new ArrayList<>();
    if (!call.isInPlace()) {
      outputs.addAll(grownNames);
    }
    int grown = outputs.size();
    outputs.addAll(List.of(others));
    List<NativeValue> results = call.run(outputs);
    if (grown > 0) {
      cache.replace(results.subList(0, grown), cache.length() + length);
    }
    cache.advance(length);
    return results.subList(grown, results.size());
  }

  private static final class OnnxBackbone extends OnnxTransformer implements Backbone {

    private static final String HIDDEN = "hidden";

    private OnnxBackbone(OnnxContext context) {
      super(
          context,
          Stage.BACKBONE,
          context.architecture().backbone().layers(),
          context.architecture().backbone().keyValueHeads(),
          context.architecture().backbone().headSize());
    }

    @Override
    public Tensor append(BackboneRequest request) {
      return context
          .lifetime()
          .call(
              () -> {
                BackboneArguments<OnnxValueTensor, OnnxKvCache> segment =
                    context.arguments().backbone(request);
                try (OnnxCall call =
                    withParts(
                        appending(segment.cache(), segment.length(), segment.attention()),
                        segment)) {
                  return context.tensor(
                      append(call, segment.cache(), segment.length(), HIDDEN).get(0));
                }
              });
    }

    @Override
    public Tensor evaluate(BackboneRequest request) {
      return context
          .lifetime()
          .call(
              () -> {
                BackboneArguments<OnnxValueTensor, OnnxKvCache> segment =
                    context.arguments().backbone(request);
                try (OnnxCall call =
                    withParts(
                        call(segment.cache(), segment.length(), segment.attention()), segment)) {
                  return context.tensor(call.run(HIDDEN));
                }
              });
    }

    private static OnnxCall withParts(
        OnnxCall call, BackboneArguments<OnnxValueTensor, OnnxKvCache> segment) {
      try {
        return call.joined("embeddings", segment.parts());
      } catch (Throwable e) {
        Closer.closeAfter(e, call);
        throw e;
      }
    }
  }

  private static final class OnnxFlowHead extends OnnxTransformer implements FlowHead {

    private OnnxFlowHead(OnnxContext context) {
      super(
          context,
          Stage.FLOW_HEAD,
          context.architecture().flowHead().layers(),
          context.architecture().flowHead().keyValueHeads(),
          context.architecture().flowHead().headSize());
    }

    @Override
    public void append(FlowHeadRequest request) {
      context
          .lifetime()
          .run(
              () -> {
                FlowHeadArguments<OnnxValueTensor, OnnxKvCache> segment =
                    context.arguments().append(request);
                try (OnnxCall call =
                    withHidden(
                        appending(segment.cache(), segment.length(), segment.attention()),
                        segment)) {
                  append(call, segment.cache(), segment.length());
                }
              });
    }

    @Override
    public Tensor velocity(FlowHeadRequest request) {
      return context
          .lifetime()
          .call(
              () -> {
                FlowHeadArguments<OnnxValueTensor, OnnxKvCache> segment =
                    context.arguments().velocity(request);
                try (OnnxCall call =
                    withHidden(
                        call(segment.cache(), segment.length(), segment.attention()), segment)) {
                  return context.tensor(call.run("velocity"));
                }
              });
    }

    private OnnxCall withHidden(
        OnnxCall call, FlowHeadArguments<OnnxValueTensor, OnnxKvCache> segment) {
      try {
        call.input("hidden", segment.hidden());
        call.bool("modulated", segment.time().isPresent());
        if (segment.time().isPresent()) {
          return call.input("time", segment.time().get());
        }
        // Not read, but the graph wants an input of the right shape.
        int width = context.architecture().flowHead().hiddenSize();
        return call.floats("time", new float[segment.batch() * width], segment.batch(), width);
      } catch (Throwable e) {
        Closer.closeAfter(e, call);
        throw e;
      }
    }
  }
}
