package dev.showo2.sequence.internal;

import static dev.showo2.testing.Messages.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.showo2.stage.Attention;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentTest {

  @Test
  void countsThePositionsOfItsParts() {
    Segment segment = Segment.causal(new Part.Text(1, 2), new Part.Time(1), new Part.Visual(0, 4));
    assertEquals(7, segment.length());
  }

  @Test
  void equalContentIsEqual() {
    assertEquals(Segment.full(new Part.Text(1, 2)), Segment.full(new Part.Text(1, 2)));
    assertEquals(new Part.Text(1, 2).hashCode(), new Part.Text(1, 2).hashCode());
    assertNotEquals(new Part.Text(1, 2), new Part.Text(1, 3));
    assertNotEquals(Segment.full(new Part.Text(1)), Segment.causal(new Part.Text(1)));
    assertEquals("Text[1, 2]", new Part.Text(1, 2).toString());
    TokenRow row = new TokenRow(new int[] {1, 2}, 0, 2);
    assertEquals(new TokenRow(new int[] {1, 2}, 0, 2), row);
    assertEquals(new TokenRow(new int[] {1, 2}, 0, 2).hashCode(), row.hashCode());
    assertNotEquals(new TokenRow(new int[] {1, 2}, 0, 1), row);
  }

  @Test
  void cannotBeChangedFromOutside() {
    int[] ids = {1, 2};
    Part.Text text = new Part.Text(ids);
    TokenRow row = new TokenRow(ids, 0, 1);
    List<Part> parts = new ArrayList<>(List.of(text));
    Segment segment = new Segment(Attention.CAUSAL, parts);
    ids[0] = 9;
    text.ids()[1] = 9;
    row.ids()[1] = 9;
    parts.clear();
    assertArrayEquals(new int[] {1, 2}, text.ids());
    assertArrayEquals(new int[] {1, 2}, row.ids());
    assertEquals(List.of(text), segment.parts());
  }

  @Test
  void refusesAnEmptySegment() {
    assertFails(IllegalArgumentException.class, Segment::causal, "at least one position");
    assertFails(
        IllegalArgumentException.class,
        () -> Segment.full(new Part.Text()),
        "at least one position");
    assertFails(IllegalArgumentException.class, () -> new Part.Visual(0, 0), "got 0, 0, 0");
    assertFails(IllegalArgumentException.class, () -> new Part.Visual(-1, 1), "got -1, 0, 1");
    assertFails(IllegalArgumentException.class, () -> new Part.Visual(0, -1, 1), "got 0, -1, 1");
    assertFails(
        IllegalArgumentException.class, () -> VisualTokens.video(0, 1, 1), "at least 1, got 0, 1");
    assertFails(IllegalArgumentException.class, () -> new Part.Time(Float.NaN), "got NaN");
    assertFails(
        IndexOutOfBoundsException.class, () -> new TokenRow(new int[] {1, 2}, 1, 2), "length 2");
  }
}
