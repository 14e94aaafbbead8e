package dev.showo2.conformance.internal.golden.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonParser;
import dev.showo2.error.InvalidModelException;
import dev.showo2.stage.Attention;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanSegmentTest {

  private static SpanSegment causal(int start, int length) {
    return new SpanSegment(start, length, Attention.CAUSAL);
  }

  private static SpanSegment full(int start, int length) {
    return new SpanSegment(start, length, Attention.FULL);
  }

  private static List<SpanSegment> segments(String spans, int length) {
    return SpanSegment.of(Span.list(JsonParser.parseString(spans), "test"), length);
  }

  @Test
  void emptySpansLeaveOneCausalSegment() {
    assertEquals(List.of(causal(0, 13)), segments("[[0, 0]]", 13));
    assertEquals(List.of(causal(0, 13)), segments("[]", 13));
  }

  @Test
  void textBeforeBetweenAndAfterIsCausal() {
    assertEquals(
        List.of(causal(0, 5), full(5, 17), causal(22, 3), full(25, 17), causal(42, 10)),
        segments("[[5, 17], [25, 17]]", 52));
  }

  @Test
  void spansMayTouchEachOtherAndTheEnds() {
    assertEquals(List.of(full(0, 2), full(2, 3)), segments("[[0, 2], [2, 3]]", 5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[[0, 3], [2, 2]]", "[[3, 1], [0, 1]]", "[[4, 2]]", "[[9, 1]]"})
  void spansThatOverlapOrLeaveTheSequenceAreRefused(String spans) {
    assertThrows(InvalidModelException.class, () -> segments(spans, 5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7",
        "null",
        "[7]",
        "[[1]]",
        "[[1, 2, 3]]",
        "[[-1, 2]]",
        "[[1, -2]]",
        "[[1.5, 2]]",
        "[[\"1\", 2]]",
        "[[2000000000, 2000000000]]",
        "[null]"
      })
  void spansThatAreNoneAreRefused(String spans) {
    assertThrows(InvalidModelException.class, () -> segments(spans, 5));
  }
}
