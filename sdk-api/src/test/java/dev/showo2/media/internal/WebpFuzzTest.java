package dev.showo2.media.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** WebP files, changed, to the pixels that FFmpeg decodes of what is left of them. */
class WebpFuzzTest {

  @Timeout(10)
  @MethodSource("seeds")
  @FuzzTest
  void filesAreReadOrRefused(byte[] file) throws Exception {
    FuzzedImage.readOrRefuse(file);
  }

  static Stream<Named<byte[]>> seeds() {
    return FuzzedImage.seeds("pillow_webp_tiff.json", ImageFormat.WEBP);
  }
}
