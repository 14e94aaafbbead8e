package dev.showo2.export.internal.architecture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class KeyCheckTest {

  private static final Map<String, Shape> EXPECTED =
      Map.of("part.a.weight", Shape.of(2, 3), "part.a.bias", Shape.of(2));

  @Test
  void listsEveryDifferenceOfAllCheckpoints() {
    Map<String, Shape> found =
        Map.of("part.a.weight", Shape.of(3, 2), "part.b.weight", Shape.of(1));
    KeyCheck check =
        new KeyCheck()
            .compare("one", new ShapeOnlyWeights(found), EXPECTED, Set.of())
            .compare(
                "two",
                new ShapeOnlyWeights(EXPECTED).type(ElementType.INT64),
                Map.of("part.a.bias", Shape.of(2)),
                Set.of("part.a.weight"));
    Exception e = assertThrows(InvalidModelException.class, check::requireNoDifference);
    List<String> lines = e.getMessage().lines().skip(1).sorted().toList();
    assertEquals(
        List.of(
            "  misshapen in one: part.a.weight should be [2, 3], found [3, 2]",
            "  missing in one: part.a.bias [2]",
            "  of another type in two: part.a.bias should hold floating-point values, found INT64",
            "  unknown in one: part.b.weight [1]"),
        lines);
  }

  /** As where a whole part is lost: the other differences still show. */
  @Test
  void longListsAreCutSortBySort() {
    Map<String, Shape> expected = new TreeMap<>();
    Map<String, Shape> found = new TreeMap<>();
    for (int layer = 100; layer < 800; layer++) {
      expected.put("part.missing" + layer + ".weight", Shape.of(1));
      expected.put("part.misshapen" + layer + ".weight", Shape.of(2));
      found.put("part.misshapen" + layer + ".weight", Shape.of(3));
      found.put("part.unknown" + layer + ".weight", Shape.of(4));
    }
    KeyCheck check = new KeyCheck().compare("one", new ShapeOnlyWeights(found), expected, Set.of());
    Exception e = assertThrows(InvalidModelException.class, check::requireNoDifference);
    List<String> lines = e.getMessage().lines().toList();
    assertEquals(1 + 3 * 21, lines.size());
    assertTrue(lines.get(0).startsWith("the checkpoint differs in 2100 keys"), lines.get(0));
    assertTrue(lines.contains("  missing in one: part.missing119.weight [1]"));
    assertTrue(lines.contains("  and 680 more missing in one"));
    assertTrue(
        lines.contains("  misshapen in one: part.misshapen100.weight should be [2], found [3]"));
    assertTrue(lines.contains("  and 680 more misshapen in one"));
    assertTrue(lines.contains("  unknown in one: part.unknown119.weight [4]"));
    assertTrue(lines.contains("  and 680 more unknown in one"));
  }

  @Test
  void leavesBuffersAndOtherPartsAlone() {
    Map<String, Shape> found =
        Map.of(
            "part.a.weight", Shape.of(2, 3),
            "part.a.bias", Shape.of(2),
            "part.rotary.inv_freq", Shape.of(4),
            "ema.a.weight", Shape.of(2, 3),
            "plain", Shape.of(1));
    KeyCheck check = new KeyCheck().compare("one", new ShapeOnlyWeights(found), EXPECTED, Set.of());
    assertDoesNotThrow(check::requireNoDifference);
  }
}
