package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** WebP and TIFF files compared with what Pillow 12 reads from them, sample by sample. */
class WebpAndTiffTest {

  static Stream<JsonObject> files() {
    return MediaFixtures.json("pillow_webp_tiff.json").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyKindIsReadAsPillowReadsIt(JsonObject expected) {
    String name = expected.get("name").getAsString();
    BufferedImage image = ImageDecoder.decode(bytes(expected, "file"), name);
    assertEquals(expected.get("width").getAsInt(), image.getWidth());
    assertEquals(expected.get("height").getAsInt(), image.getHeight());
    assertArrayEquals(bytes(expected, "rgb"), MediaFixtures.rgb(image), name);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileThatBreaksOffIsRefused(JsonObject whole) {
    byte[] half = bytes(whole, "file");
    byte[] cut = Arrays.copyOf(half, half.length / 2);
    assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(cut, "cut"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8BPS and more | a Photoshop document",
        "%PDF-1.7 | a PDF document",
        "<svg xmlns= | an SVG drawing",
        "<!DOCTYPE html> | a web page",
        "II+ and more | a BigTIFF image",
        "qoif and more | a QOI image",
      })
  void otherFormatsAreNamedWithARemedy(String beginning, String name) {
    byte[] file = beginning.replace("+ ", "+\0").getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(
        "a PNG, JPEG, BMP, GIF, TIFF or WebP image was expected, but x is "
            + name
            + " and not read; save it as PNG or JPEG",
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(file, "x"))
            .getMessage());
  }

  private static byte[] bytes(JsonObject fixture, String field) {
    return Base64.getDecoder().decode(fixture.get(field).getAsString());
  }
}
