package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.SegmentCalls.Segment;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.spi.support.Closer;
import dev.showo2.spi.support.StageArguments.FlowHeadArguments;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.FlowHead;
import dev.showo2.stage.FlowHeadRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The modulated transformer that predicts velocities (SPEC 6). */
record TensorRtFlowHead(DeviceContext context, SegmentCalls calls) implements FlowHead {

  private static final String VELOCITY = "velocity";

  @Override
  public KvCache newCache(CacheRequest request) {
    return calls.newCache(request);
  }

  @Override
  public void append(FlowHeadRequest request) {
    context
        .lifetime()
        .run(
            () -> {
              FlowHeadArguments<DeviceTensor, DeviceKvCache> checked =
                  context.arguments().append(request);
              Segment segment = segment(checked);
              if (calls.pieces(segment).size() == 1) {
                calls.append(segment, call -> fill(call, List.of(checked)), outputs -> null);
                return;
              }
              Joining joining = new Joining(context.queue());
              calls.appendInPieces(
                  segment,
                  (piece, from) ->
                      calls.append(
                          piece,
                          call -> {
                            call.own(
                                "hidden",
                                joining.cut(checked.hidden().binding(), from, piece.length()));
                            modulate(call, checked);
                          },
                          outputs -> null));
            });
  }

  @Override
  public Tensor velocity(FlowHeadRequest request) {
    return velocityAll(List.of(request)).get(0);
  }

  @Override
  public List<Tensor> velocityAll(List<FlowHeadRequest> requests) {
    return context
        .lifetime()
        .call(
            () -> {
              List<FlowHeadArguments<DeviceTensor, DeviceKvCache>> all =
                  requests.stream().map(context.arguments()::velocity).toList();
              if (all.isEmpty()) {
                return List.of();
              }
              if (all.size() > 1 && haveOneTime(all) && calls.fit(segments(all))) {
                return velocities(all);
              }
              try (Closer closer = new Closer()) {
                List<Tensor> results = new ArrayList<>();
                for (FlowHeadArguments<DeviceTensor, DeviceKvCache> each : all) {
                  results.addAll(closer.addAll(velocities(List.of(each))));
                }
                closer.keepAll();
                return results;
              }
            });
  }

  /** The graph modulates all tokens of a sequence by one time. */
  private static boolean haveOneTime(List<FlowHeadArguments<DeviceTensor, DeviceKvCache>> all) {
    return all.stream().map(FlowHeadArguments::time).distinct().count() == 1;
  }

  /** Through one call. */
  private List<Tensor> velocities(List<FlowHeadArguments<DeviceTensor, DeviceKvCache>> all) {
    return calls.run(
        segments(all),
        call -> fill(call, all),
        outputs -> {
          if (all.size() == 1) {
            return List.of(context.tensor(outputs.take(VELOCITY)));
          }
          try (Closer closer = new Closer()) {
            List<Tensor> parts = new ArrayList<>();
            // The graph leaves out the first time token, and there is one for each sequence.
            long from = 0;
            for (FlowHeadArguments<DeviceTensor, DeviceKvCache> each : all) {
              parts.add(
                  closer.add(
                      context.tensor(
                          new Joining(context.queue())
                              .cut(outputs.get(VELOCITY), from, each.length() - 1L))));
              from += each.length();
            }
            closer.keepAll();
            return parts;
          }
        });
  }

  private void fill(StageCall call, List<FlowHeadArguments<DeviceTensor, DeviceKvCache>> all) {
    FlowHeadArguments<DeviceTensor, DeviceKvCache> first = all.get(0);
    if (all.size() == 1) {
      call.input("hidden", first.hidden());
    } else {
      List<Binding> parts = all.stream().map(each -> each.hidden().binding()).toList();
      call.own("hidden", new Joining(context.queue()).joined(parts));
    }
    modulate(call, first);
  }

  private void modulate(StageCall call, FlowHeadArguments<DeviceTensor, DeviceKvCache> arguments) {
    call.bool("modulated", arguments.time().isPresent());
    if (arguments.time().isPresent()) {
      call.input("time", arguments.time().get());
    } else {
      // Not read, but the graph wants an input of the right shape.
      int width = context.architecture().flowHead().hiddenSize();
      call.floats("time", new float[arguments.batch() * width], arguments.batch(), width);
    }
  }

  private static List<Segment> segments(List<FlowHeadArguments<DeviceTensor, DeviceKvCache>> all) {
    return all.stream().map(TensorRtFlowHead::segment).toList();
  }

  private static Segment segment(FlowHeadArguments<DeviceTensor, DeviceKvCache> arguments) {
    return new Segment(arguments.cache(), arguments.length(), arguments.attention());
  }
}
