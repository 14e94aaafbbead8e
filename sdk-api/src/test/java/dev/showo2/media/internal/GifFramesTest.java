package dev.showo2.media.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GifFramesTest {

  /** Whoever looks at its size refuses it; until then it must not fill the memory. */
  @Test
  void thePixelsOfAnImageThatIsTooLargeAreNotKept() throws IOException {
    ByteArrayOutputStream gif = new ByteArrayOutputStream();
    gif.writeBytes("GIF89a".getBytes(StandardCharsets.US_ASCII));
    gif.writeBytes(new byte[] {1, 0, 1, 0, 0, 0, 0});
    gif.writeBytes(new byte[] {0x2c, 0, 0, 0, 0, -1, -1, -1, -1, 0, 2});
    for (int block = 0; block < 10_000; block++) {
      gif.write(255);
      gif.writeBytes(new byte[255]);
    }
    gif.write(0);
    gif.write(0x3b);
    try (GifFrames frames = GifFrames.of(new ByteArrayInputStream(gif.toByteArray()))) {
      GifFrame frame = frames.next().orElseThrow();
      assertEquals(65_535, frame.width());
      assertEquals(65_535, frame.height());
      assertEquals(0, frame.data().length);
      assertEquals(Optional.empty(), frames.next());
    }
  }
}
