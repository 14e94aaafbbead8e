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
                OnnxKvCache cache = new OnnxKvCache(context, stage, batch, 0, empty);
                closer.keepAll();
                return cache;
              }
            });
  }

  /** A call with the prefix in the cache, the positions of the segment, and its mask. */
  final OnnxCall call(OnnxKvCache cache, int length, Attention attention) {
    OnnxCall call = context.call(stage);
    try {
      for (int i = 0; i < prefixNames.size(); i++) {
        call.input(prefixNames.get(i), cache.values().get(i));
      }
      long[] positions = new long[length];
      Arrays.setAll(positions, i -> cache.length() + i);
      call.integers("positions", positions, length);
      addMask(call, cache.length(), length, attention);
      return call;
    } catch (Throwable e) {
      Closer.closeAfter(e, call);
      throw e;
    }
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
    List<String> outputs = new ArrayList<>(grownNames);
    outputs.addAll(List.of(others));
    List<NativeValue> results = call.run(outputs);
    cache.replace(results.subList(0, grownNames.size()));
    cache.advance(length);
    return results.subList(grownNames.size(), results.size());
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
                try (OnnxCall call = call(segment)) {
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
                try (OnnxCall call = call(context.arguments().backbone(request))) {
                  return context.tensor(call.run(HIDDEN));
                }
              });
    }

    private OnnxCall call(BackboneArguments<OnnxValueTensor, OnnxKvCache> segment) {
      OnnxCall call = call(segment.cache(), segment.length(), segment.attention());
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
                try (OnnxCall call = call(segment)) {
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
                try (OnnxCall call = call(context.arguments().velocity(request))) {
                  return context.tensor(call.run("velocity"));
                }
              });
    }

    private OnnxCall call(FlowHeadArguments<OnnxValueTensor, OnnxKvCache> segment) {
      OnnxCall call = call(segment.cache(), segment.length(), segment.attention());
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
