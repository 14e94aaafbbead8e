package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.AttentionMask.Span;
import dev.showo2.backend.tensorrt.internal.device.DeviceMemory;
import dev.showo2.backend.tensorrt.internal.device.DeviceStream.Rows;
import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.model.GraphFile;
import dev.showo2.spi.support.Closer;
import dev.showo2.stage.Attention;
import dev.showo2.stage.CacheRequest;
import dev.showo2.stage.KvCache;
import dev.showo2.stage.Stage;
import dev.showo2.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The calls of an engine that attends to the keys and values of a prefix: the common part of
 * backbone and flow head.
 *
 * <p>Several sequences with caches of different length go through one call, one behind the other;
 * the mask keeps them apart. So weights are read once for both branches of guidance.
 */
final class SegmentCalls implements AutoCloseable {

  private final DeviceContext context;
  private final Stage stage;
  private final KeyValueMemory.Sizes sizes;
  private final int mostPositions;
  private final int mostTokens;
  private final AttentionMask.Kept masks;

  SegmentCalls(
      DeviceContext context,
      Stage stage,
      int layers,
      int heads,
      int headSize,
      TensorRtOptions.Limits limits) {
    this.context = context;
    this.stage = stage;
    this.sizes = new KeyValueMemory.Sizes(layers, 1, heads, headSize);
    this.mostPositions = limits.prefix();
    this.mostTokens =
        context.engines().engine(stage, GraphFile.MAIN).spec().profiles().stream()
            .mapToInt(
                profile -> Math.toIntExact(profile.shapes().get("positions").most().dimension(0)))
            .max()
            .orElseThrow();
    this.masks = new AttentionMask.Kept(context.queue());
  }

  /**
   * The lengths of the calls that a segment is appended in. Text of any length goes through calls
   * of a length that the engine was built for, since none of its tokens attends to later ones.
   */
  List<Integer> pieces(Segment segment) {
    if (segment.attention() == Attention.FULL) {
      return List.of(segment.length());
    }
    List<Integer> lengths = new ArrayList<>();
    for (int from = 0; from < segment.length(); from += mostTokens) {
      lengths.add(Math.min(mostTokens, segment.length() - from));
    }
    return lengths;
  }

  /** One sequence of a call. */
  record Segment(DeviceKvCache cache, int length, Attention attention) {}

  KvCache newCache(CacheRequest request) {
    int batch = DeviceKvCache.requireBatch(request.batch());
    return context
        .lifetime()
        .call(
            () ->
                DeviceKvCache.open(
                    context,
                    stage,
                    request,
                    new KeyValueMemory.Sizes(
                        sizes.layers(), batch, sizes.heads(), sizes.headSize()),
                    mostPositions));
  }

  /**
   * Whether sequences go through one call: as many side by side in each, and a mask that is not
   * larger than what is saved.
   */
  boolean fit(List<Segment> segments) {
    int batch = segments.get(0).cache().batch();
    return segments.stream().allMatch(segment -> segment.cache().batch() == batch)
        && segments.stream().mapToLong(Segment::length).sum() <= mostTokens
        && mask(segments).bytes() <= AttentionMask.MOST_BYTES;
  }

  private static AttentionMask mask(List<Segment> segments) {
    return new AttentionMask(
        segments.stream()
            .map(
                segment ->
                    new Span(
                        segment.cache().length(),
                        segment.cache().memory().capacity(),
                        segment.length(),
                        segment.attention()))
            .toList());
  }

  /**
   * Runs the engine over segments.
   *
   * @param fill adds the stage's own inputs
   * @param use takes the outputs; whatever it does not keep is freed by {@link Outputs}
   */
  <R> R run(List<Segment> segments, Consumer<StageCall> fill, Function<Outputs, R> use) {
    return context
        .queue()
        .inOrder(
            () -> {
              try (StageCall call = context.call(stage)) {
                prefix(call, segments);
                call.integers("positions", positions(segments), length(segments));
                call.input("attention_mask", masks.of(mask(segments)));
                fill.accept(call);
                try (Outputs outputs = new Outputs(context.queue(), call.run())) {
                  return use.apply(outputs);
                }
              }
            });
  }

  private static int length(List<Segment> segments) {
    return segments.stream().mapToInt(Segment::length).sum();
  }

  private static long[] positions(List<Segment> segments) {
    return segments.stream()
        .flatMapToInt(
            segment ->
                IntStream.range(
                    segment.cache().length(), segment.cache().length() + segment.length()))
        .asLongStream()
        .toArray();
  }

  private void prefix(StageCall call, List<Segment> segments) {
    for (int layer = 0; layer < sizes.layers(); layer++) {
      prefix(call, segments, "past_key_" + layer, 2 * layer);
      prefix(call, segments, "past_value_" + layer, 2 * layer + 1);
    }
  }

  private void prefix(StageCall call, List<Segment> segments, String name, int index) {
    if (segments.size() == 1) {
      call.input(name, segments.get(0).cache().memory().binding(index));
    } else {
      call.own(name, joined(segments, index));
    }
  }

  /** The keys or values of several caches as those of one, [B, heads, Σcapacity, size]. */
  private Binding joined(List<Segment> segments, int index) {
    DeviceQueue queue = context.queue();
    KeyValueMemory.Sizes own = segments.get(0).cache().memory().sizes();
    int capacity = segments.stream().mapToInt(segment -> segment.cache().memory().capacity()).sum();
    DeviceMemory memory = queue.allocate(own.rows() * own.bytes(capacity));
    try {
      long offset = 0;
      for (Segment segment : segments) {
        KeyValueMemory source = segment.cache().memory();
        long width = own.bytes(source.capacity());
        queue.copy(
            source.rows(index, 0),
            new Rows(memory, offset, own.bytes(capacity)),
            width,
            own.rows());
        offset += width;
      }
      return new Binding(memory, Shape.of(own.batch(), own.heads(), capacity, own.headSize()));
    } catch (Throwable e) {
      queue.free(memory);
      throw e;
    }
  }

  /** Appends a part of a segment that starts at a token. */
  @FunctionalInterface
  interface PieceAppending {
    void append(Segment piece, int from);
  }

  /** Appends a segment piece by piece; the cache is as it was if one of them fails. */
  void appendInPieces(Segment segment, PieceAppending appending) {
    int before = segment.cache().length();
    try {
      int from = 0;
      for (int length : pieces(segment)) {
        appending.append(new Segment(segment.cache(), length, segment.attention()), from);
        from += length;
      }
    } catch (Throwable e) {
      Closer.closeAfter(e, () -> segment.cache().truncate(before));
      throw e;
    }
  }

  /** Runs the engine over a segment and keeps its keys and values in the cache. */
  <R> R append(Segment segment, Consumer<StageCall> fill, Function<Outputs, R> use) {
    return context
        .queue()
        .inOrder(
            () -> {
              segment.cache().reserve(segment.length());
              return run(
                  List.of(segment),
                  fill,
                  outputs -> {
                    R result = use.apply(outputs);
                    keep(segment, outputs);
                    return result;
                  });
            });
  }

  /** What the engine gives is the cache with the segment behind it; only the segment is copied. */
  private void keep(Segment segment, Outputs outputs) {
    KeyValueMemory memory = segment.cache().memory();
    KeyValueMemory.Sizes own = memory.sizes();
    long pitch = own.bytes((long) memory.capacity() + segment.length());
    for (int layer = 0; layer < own.layers(); layer++) {
      List<String> names = List.of("present_key_" + layer, "present_value_" + layer);
      for (int i = 0; i < names.size(); i++) {
        context
            .queue()
            .copy(
                new Rows(outputs.get(names.get(i)).memory(), own.bytes(memory.capacity()), pitch),
                memory.rows(2 * layer + i, segment.cache().length()),
                own.bytes(segment.length()),
                own.rows());
      }
    }
    segment.cache().advance(segment.length());
  }

  /** As {@link AttentionMask.Kept#takeLent}. */
  List<Binding> takeMasksOfRecording() {
    return masks.takeLent();
  }

  @Override
  public void close() {
    masks.close();
  }

  /** The outputs of a run, freed unless somebody takes them. */
  static final class Outputs implements AutoCloseable {

    private final DeviceQueue queue;
    private final Map<String, Binding> outputs;

    private Outputs(DeviceQueue queue, Map<String, Binding> outputs) {
      this.queue = queue;
      this.outputs = outputs;
    }

    Binding get(String name) {
      return outputs.get(name);
    }

    /** An output that the caller frees from now on. */
    Binding take(String name) {
      return outputs.remove(name);
    }

    @Override
    public void close() {
      try (Closer closer = new Closer()) {
        new ArrayList<>(outputs.values())
            .forEach(output -> closer.add(() -> queue.free(output.memory())));
      }
    }
  }
}
