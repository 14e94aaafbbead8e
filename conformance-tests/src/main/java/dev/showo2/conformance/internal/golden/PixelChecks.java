package dev.showo2.conformance.internal.golden;

import dev.showo2.conformance.compare.Values;
import dev.showo2.conformance.internal.compare.Checks;
import dev.showo2.conformance.internal.compare.Checks.Within;
import dev.showo2.conformance.internal.golden.pass.RgbValues;
import java.awt.image.BufferedImage;
import java.util.List;

/** Images against goldens of 8-bit values. */
final class PixelChecks {

  private PixelChecks() {}

  /**
   * @param expected [images, H, W, 3]
   */
  static void compare(String name, List<BufferedImage> images, long[] expected, Checks checks) {
    RgbValues actual = RgbValues.of(images);
    checks.compare(
        name,
        Values.of(actual.shape(), actual.values()),
        Values.of(actual.shape(), expected),
        Within.PIXELS);
  }
}
