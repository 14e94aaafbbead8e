package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {

  @Test
  void numbersAreComparedAsNumbers() {
    List<String> ordered =
        List.of(
            "",
            "1.png",
            "2.png",
            "10.png",
            "99999999999999999999999999.png",
            "Frame-1.png",
            "frame-2.png",
            "Frame-3b.png",
            "frame-9.png",
            "frame-0009a.png",
            "frame-10.png",
            "frame-10_1.png",
            "x");
    List<String> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(1));
    shuffled.sort(new ImageFolderSource.NaturalOrder());
    assertEquals(ordered, shuffled);
  }

  @Test
  void equalNumbersWithOtherZerosAreToldApart() {
    ImageFolderSource.NaturalOrder order = new ImageFolderSource.NaturalOrder();
    assertEquals(0, order.compare("a1", "a1"));
    assertEquals(-1, Integer.signum(order.compare("a01", "a1")));
    assertEquals(1, Integer.signum(order.compare("a1", "a01")));
    assertEquals(-1, Integer.signum(order.compare("a0", "a00001")));
  }
}
