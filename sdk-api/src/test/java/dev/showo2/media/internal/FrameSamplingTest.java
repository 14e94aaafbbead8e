package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import dev.showo2.media.MediaFixtures;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FrameSamplingTest {

  @Test
  void indicesEqualTheGolden() {
    Map<String, JsonElement> cases =
        MediaFixtures.json("frame_sampling.json").getAsJsonObject().asMap();
    assertEquals(7, cases.size());
    cases.forEach(
        (name, indices) -> {
          String[] sizes = name.split("_");
          int[] expected =
              indices.getAsJsonArray().asList().stream().mapToInt(JsonElement::getAsInt).toArray();
          assertArrayEquals(
              expected,
              FrameSampling.evenly(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1])),
              name);
        });
  }

  @Test
  void roundingIsNumpys() {
    // 23 * 26/46 is 13 and 23 * 52/46 is 26, but numpy's rounded steps stay just below.
    assertEquals(12, FrameSampling.evenly(27, 47)[23]);
    assertEquals(25, FrameSampling.evenly(53, 47)[23]);
  }

  @Test
  void oneSampleIsTheFirstFrame() {
    assertArrayEquals(new int[] {0}, FrameSampling.evenly(100, 1));
  }

  @Test
  void nothingToSampleIsRefused() {
    Exception e = assertThrows(IllegalArgumentException.class, () -> FrameSampling.evenly(0, 32));
    assertEquals("at least one frame and one sample are needed, got 0 and 32", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> FrameSampling.evenly(5, 0));
  }
}
