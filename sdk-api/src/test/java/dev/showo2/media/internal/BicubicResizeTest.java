package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.media.MediaFixtures;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BicubicResizeTest {

  static Stream<JsonObject> pillowCases() {
    return MediaFixtures.json("pillow_resize.json").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("pillowCases")
  void everyByteIsPillows(JsonObject expected) {
    int width = expected.get("width").getAsInt();
    int height = expected.get("height").getAsInt();
    RgbRows noise = RgbRows.of(MediaFixtures.noise(width, height, expected.get("seed").getAsInt()));
    CRC32 crc = new CRC32();
    crc.update(
        resize(noise, expected.get("toWidth").getAsInt(), expected.get("toHeight").getAsInt()));
    assertEquals(expected.get("crc32").getAsLong(), crc.getValue());
  }

  @Test
  void partEqualsTheSamePartOfTheFullResult() {
    RgbRows noise = RgbRows.of(MediaFixtures.noise(57, 43, 9));
    byte[] whole = resize(noise, 90, 31);
    byte[] part =
        BicubicResize.resize(
            noise, BicubicResize.Axis.of(57, 90, 17, 20), BicubicResize.Axis.of(43, 31, 11, 8));
    for (int y = 0; y < 8; y++) {
      int from = 3 * ((11 + y) * 90 + 17);
      assertArrayEquals(
          Arrays.copyOfRange(whole, from, from + 60),
          Arrays.copyOfRange(part, 60 * y, 60 * y + 60));
    }
  }

  private static byte[] resize(RgbRows source, int width, int height) {
    return BicubicResize.resize(
        source,
        BicubicResize.Axis.of(source.width(), width, 0, width),
        BicubicResize.Axis.of(source.height(), height, 0, height));
  }
}
