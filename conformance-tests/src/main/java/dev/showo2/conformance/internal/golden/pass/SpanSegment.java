package dev.showo2.conformance.internal.golden.pass;

import dev.showo2.error.InvalidModelException;
import dev.showo2.stage.Attention;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/** A stretch of a sequence whose positions see each other in one way. */
@API(status = API.Status.INTERNAL)
public record SpanSegment(int start, int length, Attention attention) {

  /**
   * Cuts a sequence at its spans: full inside, causal between.
   *
   * @param spans in order
   * @throws InvalidModelException if spans overlap, are out of order or leave the sequence
   */
  public static List<SpanSegment> of(List<Span> spans, int sequenceLength) {
    List<SpanSegment> segments = new ArrayList<>();
    int position = 0;
    for (Span span : spans) {
      if (span.offset() < position || span.length() > sequenceLength - span.offset()) {
        throw new InvalidModelException(
            "spans " + spans + " do not follow each other in " + sequenceLength + " tokens");
      }
      addCausal(segments, position, span.offset());
      segments.add(new SpanSegment(span.offset(), span.length(), Attention.FULL));
      position = span.end();
    }
    addCausal(segments, position, sequenceLength);
    return segments;
  }

  private static void addCausal(List<SpanSegment> segments, int start, int end) {
    if (end > start) {
      segments.add(new SpanSegment(start, end - start, Attention.CAUSAL));
    }
  }
}
