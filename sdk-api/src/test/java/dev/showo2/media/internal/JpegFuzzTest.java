package dev.showo2.media.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.gson.JsonElement;
import dev.showo2.media.MediaFixtures;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** JPEG files of all kinds that Pillow reads, changed. */
class JpegFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    FuzzedImage.readOrRefuse(file);
  }

  static Stream<Named<byte[]>> seeds() {
    return MediaFixtures.json("pillow_jpeg.json").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            each ->
                Named.of(
                    each.get("name").getAsString(),
                    Base64.getDecoder().decode(each.get("file").getAsString())));
  }
}
