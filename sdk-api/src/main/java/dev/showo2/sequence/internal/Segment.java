package dev.showo2.sequence.internal;

import dev.showo2.stage.Attention;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;

/**
 * A stretch of a sequence with one kind of attention: what backbones take at once.
 *
 * @param attention what the positions see of each other
 * @param parts in their order; at least one position in all
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
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
}
