package dev.showo2.sequence.internal;

import dev.showo2.stage.Attention;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A stretch of a sequence with one kind of attention: what backbones take at once.
 *
 * @param attention what the positions see of each other
 * @param parts in their order; at least one position in all
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Segment(Attention attention, List<Part> parts) {

  /**
   * @throws IllegalArgumentException if there is no position
   */
  public Segment {
    Objects.requireNonNull(attention, "attention");
    parts = List.copyOf(parts);
    if (parts.stream().mapToInt(Part::length).sum() == 0) {
      throw new IllegalArgumentException("a segment has at least one position");
    }
  }

  /** Text, and what counts as text. */
  public static Segment causal(Part... parts) {
    return new Segment(Attention.CAUSAL, List.of(parts));
  }

  /** The span of an image or video. */
  public static Segment full(Part... parts) {
    return new Segment(Attention.FULL, List.of(parts));
  }

  /** Positions that the segment takes. */
  public int length() {
    return parts.stream().mapToInt(Part::length).sum();
  }

  /** Cuts a sequence into segments while its parts come in: a span may end within a part. */
  static final class Cutter {

    private final List<Segment> segments = new ArrayList<>();
    private List<Part> parts = new ArrayList<>();
    private int spanLeft;

    /** Text that joins the text before it. */
    Cutter text(int... ids) {
      add(new Part.Text(ids));
      return this;
    }

    Cutter time(float time) {
      add(new Part.Time(time));
      return this;
    }

    Cutter visual(int index, int length) {
      add(new Part.Visual(index, length));
      return this;
    }

    /** The next so many positions see each other. */
    Cutter beginSpan(int length) {
      finish();
      spanLeft = length;
      return this;
    }

    /** Ends a span that had positions left. */
    Cutter endSpan() {
      if (spanLeft > 0) {
        finish();
        spanLeft = 0;
      }
      return this;
    }

    List<Segment> segments() {
      finish();
      return List.copyOf(segments);
    }

    private void add(Part part) {
      if (spanLeft == 0) {
        join(part);
        return;
      }
      int inSpan = Math.min(spanLeft, part.length());
      join(slice(part, 0, inSpan));
      if (inSpan == spanLeft) {
        finish();
      }
      spanLeft -= inSpan;
      if (inSpan < part.length()) {
        join(slice(part, inSpan, part.length()));
      }
    }

    private void join(Part part) {
      int last = parts.size() - 1;
      if (part instanceof Part.Text text
          && last >= 0
          && parts.get(last) instanceof Part.Text before) {
        int[] joined = Arrays.copyOf(before.ids(), before.length() + text.length());
        System.arraycopy(text.ids(), 0, joined, before.length(), text.length());
        parts.set(last, new Part.Text(joined));
      } else if (part.length() > 0) {
        parts.add(part);
      }
    }

    private void finish() {
      if (!parts.isEmpty()) {
        segments.add(new Segment(spanLeft > 0 ? Attention.FULL : Attention.CAUSAL, parts));
        parts = new ArrayList<>();
      }
    }

    private static Part slice(Part part, int from, int to) {
      if (part instanceof Part.Text text) {
        return new Part.Text(Arrays.copyOfRange(text.ids(), from, to));
      }
      return part instanceof Part.Visual visual
          ? new Part.Visual(visual.index(), visual.offset() + from, to - from)
          : part;
    }
  }
}
