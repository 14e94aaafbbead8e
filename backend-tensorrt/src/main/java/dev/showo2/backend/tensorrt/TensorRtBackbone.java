package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.SegmentCalls.Segment;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.StageArguments.BackboneArguments;
import dev.showo2.stage.Backbone;
import dev.showo2.stage.BackboneRequest;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The Qwen2 decoder (SPEC 4). */
record TensorRtBackbone(DeviceContext context, SegmentCalls calls) implements Backbone {

  private static final String HIDDEN = "hidden";

  @Override
  public KvCache newCache(CacheRequest request) {
    return calls.newCache(request);
  }

  @Override
  public Tensor append(BackboneRequest request) {
    return context
        .lifetime()
        .call(
            () -> {
              BackboneArguments<DeviceTensor, DeviceKvCache> checked =
                  context.arguments().backbone(request);
              return context.tensor(appended(checked, checked.cache()));
            });
  }

  /** Hidden states of a segment that is added to a cache. */
  private Binding appended(
      BackboneArguments<DeviceTensor, DeviceKvCache> arguments, DeviceKvCache cache) {
    Segment segment = new Segment(cache, arguments.length(), arguments.attention());
    if (calls.pieces(segment).size() == 1) {
      return calls.append(
          segment, call -> embed(call, List.of(arguments)), outputs -> outputs.take(HIDDEN));
    }
    Joining joining = new Joining(context.queue());
    try (Closer closer = new Closer()) {
      Binding embeddings = freed(closer, joined(List.of(arguments)));
      List<Binding> hidden = new ArrayList<>();
      calls.appendInPieces(
          segment,
          (piece, from) ->
              hidden.add(
                  freed(
                      closer,
                      calls.append(
                          piece,
                          call ->
                              call.own("embeddings", joining.cut(embeddings, from, piece.length())),
                          outputs -> outputs.take(HIDDEN)))));
      return joining.joined(hidden);
    }
  }

  private Binding freed(Closer closer, Binding binding) {
    closer.add(() -> context.queue().free(binding.memory()));
    return binding;
  }

  @Override
  public Tensor evaluate(BackboneRequest request) {
    return evaluateAll(List.of(request)).get(0);
  }

  @Override
  public List<Tensor> evaluateAll(List<BackboneRequest> requests) {
    return context
        .lifetime()
        .call(
            () -> {
              List<BackboneArguments<DeviceTensor, DeviceKvCache>> all =
                  requests.stream().map(context.arguments()::backbone).toList();
              if (all.isEmpty()) {
                return List.of();
              }
              if (all.size() > 1 && calls.fit(segments(all))) {
                return evaluate(all);
              }
              try (Closer closer = new Closer()) {
                List<Tensor> results = new ArrayList<>();
                for (BackboneArguments<DeviceTensor, DeviceKvCache> each : all) {
                  results.add(closer.add(evaluateAlone(each)));
                }
                closer.keepAll();
                return results;
              }
            });
  }

  private Tensor evaluateAlone(BackboneArguments<DeviceTensor, DeviceKvCache> arguments) {
    if (calls.pieces(segment(arguments)).size() == 1) {
      return evaluate(List.of(arguments)).get(0);
    }
    // Later pieces need the keys and values of earlier ones.
    try (DeviceKvCache copy = (DeviceKvCache) arguments.cache().fork()) {
      return context.tensor(appended(arguments, copy));
    }
  }

  /** Through one call. */
  private List<Tensor> evaluate(List<BackboneArguments<DeviceTensor, DeviceKvCache>> all) {
    return calls.run(
        segments(all),
        call -> embed(call, all),
        outputs -> {
          if (all.size() == 1) {
            return List.of(context.tensor(outputs.take(HIDDEN)));
          }
          try (Closer closer = new Closer()) {
            List<Tensor> parts = new ArrayList<>();
            long from = 0;
            for (BackboneArguments<DeviceTensor, DeviceKvCache> each : all) {
              parts.add(
                  closer.add(
                      context.tensor(
                          new Joining(context.queue())
                              .cut(outputs.get(HIDDEN), from, each.length()))));
              from += each.length();
            }
            closer.keepAll();
            return parts;
          }
        });
  }

  private void embed(StageCall call, List<BackboneArguments<DeviceTensor, DeviceKvCache>> all) {
    List<DeviceTensor> parts = all.stream().flatMap(each -> each.parts().stream()).toList();
    if (parts.size() == 1) {
      call.input("embeddings", parts.get(0));
    } else {
      call.own("embeddings", joined(all));
    }
  }

  private Binding joined(List<BackboneArguments<DeviceTensor, DeviceKvCache>> all) {
    return new Joining(context.queue())
        .joined(
            all.stream()
                .flatMap(each -> each.parts().stream())
                .map(DeviceTensor::binding)
                .toList());
  }

  private static List<Segment> segments(List<BackboneArguments<DeviceTensor, DeviceKvCache>> all) {
    return all.stream().map(TensorRtBackbone::segment).toList();
  }

  private static Segment segment(BackboneArguments<DeviceTensor, DeviceKvCache> arguments) {
    return new Segment(arguments.cache(), arguments.length(), arguments.attention());
  }
}
