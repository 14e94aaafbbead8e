package dev.showo2.export.architecture;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.showo2.error.InvalidModelException;
import dev.showo2.tensor.ElementType;
import dev.showo2.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
