package dev.showo2.export.internal.quantization;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class NearestTest {

  @Test
  void isWhatRintGives() {
    for (float value = -300; value <= 300; value += 0.0625f) {
      assertEquals((int) Math.rint(value), Nearest.integer(value));
      for (float near : new float[] {Math.nextUp(value), Math.nextDown(value)}) {
        assertEquals((int) Math.rint(near), Nearest.integer(near), () -> "near " + near);
      }
    }
  }

  @Test
  void holdsUpToItsBounds() {
    assertEquals(4_194_303, Nearest.integer(4_194_303));
    assertEquals(-4_194_303, Nearest.integer(-4_194_303));
    assertEquals(0, Nearest.integer(-0f));
  }
}
