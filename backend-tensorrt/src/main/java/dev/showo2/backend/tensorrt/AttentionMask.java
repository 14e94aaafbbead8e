package dev.showo2.backend.tensorrt;

import dev.showo2.backend.tensorrt.internal.device.EngineCall.Binding;
import dev.showo2.stage.Attention;
import dev.showo2.tensor.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The positions that each token of a call attends to, as the mask of 0 and -∞ that graphs add to
 * the scores. A call holds one or several spans, one behind the other; the keys are first all
 * positions of their caches, used or not, then the tokens of the call.
 */
record AttentionMask(List<Span> spans) {

  /** More than so many bytes are worth two calls instead of one. */
  static final long MOST_BYTES = 64L << 20;

  /**
   * One sequence of a call.
   *
   * @param prefix positions that its cache has
   * @param capacity positions that its cache has room for
   * @param length tokens of the call
   */
  record Span(int prefix, int capacity, int length, Attention attention) {

    private boolean sameForAll() {
      return attention == Attention.FULL || length == 1;
    }
  }

  /** One row serves all tokens where they attend to the same. */
  int rows() {
    return spans.size() == 1 && spans.get(0).sameForAll() ? 1 : tokens();
  }

  int columns() {
    return capacity() + tokens();
  }

  private int tokens() {
    return spans.stream().mapToInt(Span::length).sum();
  }

  private int capacity() {
    return spans.stream().mapToInt(Span::capacity).sum();
  }

  Shape shape() {
    return Shape.of(rows(), columns());
  }

  long bytes() {
    return (long) rows() * columns() * Float.BYTES;
  }

  void write(FloatBuffer mask) {
    int rows = rows();
    int columns = columns();
    int row = 0;
    int ownCapacity = 0;
    int ownTokens = capacity();
    for (Span span : spans) {
      for (int token = 0; token < span.length() && row < rows; token++, row++) {
        int visible = span.sameForAll() ? span.length() : token + 1;
        for (int column = 0; column < columns; column++) {
          boolean attends =
              column >= ownCapacity && column < ownCapacity + span.prefix()
                  || column >= ownTokens && column < ownTokens + visible;
          mask.put(row * columns + column, attends ? 0 : Float.NEGATIVE_INFINITY);
        }
      }
      ownCapacity += span.capacity();
      ownTokens += span.length();
    }
  }

  /**
   * The masks of the last calls, on the GPU: the steps of a flow use the same again and again. To
   * be used within the order of the queue.
   */
  static final class Kept implements AutoCloseable {

    private static final int MOST = 8;

    private final DeviceQueue queue;
    private final Map<AttentionMask, Binding> lent = new LinkedHashMap<>();
    private final Map<AttentionMask, Binding> masks = new LinkedHashMap<>(16, 0.75f, true);

    Kept(DeviceQueue queue) {
      this.queue = queue;
    }

    Binding of(AttentionMask mask) {
      if (queue.isRecording()) {
        return lent(mask);
      }
      Binding kept = masks.get(mask);
      if (kept == null) {
        kept = uploaded(mask);
        masks.put(mask, kept);
        if (masks.size() > MOST) {
          AttentionMask eldest = masks.keySet().iterator().next();
          queue.free(masks.remove(eldest).memory());
        }
      }
      return kept;
    }

    private Binding uploaded(AttentionMask mask) {
      return new Binding(
          queue.upload(mask.bytes(), bytes -> mask.write(bytes.asFloatBuffer())), mask.shape());
    }

    /** A recording needs its masks for longer than they are kept here. */
    private Binding lent(AttentionMask mask) {
      Binding present = lent.get(mask);
      if (present == null) {
        present = masks.remove(mask);
        if (present == null) {
          return uploaded(mask);
        }
        lent.put(mask, present);
      }
      return present;
    }

    /** The masks of the recording that has been made; the caller frees them. */
    List<Binding> takeLent() {
      List<Binding> all = new ArrayList<>(lent.values());
      lent.clear();
      return all;
    }

    @Override
    public void close() {
      List<Binding> all = takeLent();
      all.addAll(masks.values());
      masks.clear();
      all.forEach(mask -> queue.free(mask.memory()));
    }
  }
}
