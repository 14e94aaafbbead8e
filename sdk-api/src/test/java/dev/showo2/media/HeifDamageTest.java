package dev.showo2.media;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.media.video.VideoReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AVIF files whose items do not fit together, which are refused before FFmpeg sees them. */
class HeifDamageTest {

  @TempDir Path directory;

  private static byte[] grid() throws IOException {
    return Files.readAllBytes(MediaFixtures.path("grid.avif"));
  }

  private static int at(byte[] file, String text) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(text);
  }

  @ParameterizedTest
  @CsvSource({
    "pitm, 8, 9, it has no item 9",
    "dimg, 8, 9, it has no item 9",
    "dimg, 10, 1, its tile 1 is no image",
    "dimg, 4, 2, its item 1 has no tiles",
    "iloc, 28, 9, it has no item 9",
    "iloc, 34, 2, the data of its item 2 are in several places",
    "iinf, 8, 2, it has 3 items and states 2"
  })
  void itemsThatDoNotFitAreRefused(String box, int offset, int value, String reason)
      throws IOException {
    byte[] file = grid();
    ByteBuffer.wrap(file).putShort(at(file, box) + offset, (short) value);
    String message =
        assertThrows(InvalidRequestException.class, () -> ImageDecoder.decode(file, "x"))
            .getMessage();
    assertTrue(message.contains(reason), message);
  }

  /** FFmpeg would read it there, and whatever the first box is called. */
  @Test
  void descriptionsOfImagesAreValidatedInVideosToo() throws IOException {
    byte[] file = grid();
    file[at(file, "pitm") + 9] = 9;
    for (String first : new String[] {"ftypisom", "freeisom", "junkisom"}) {
      System.arraycopy(first.getBytes(StandardCharsets.US_ASCII), 0, file, 4, 8);
      Path video = Files.write(directory.resolve("clip.mp4"), file);
      String message =
          assertThrows(InvalidRequestException.class, () -> VideoReader.open(video)).getMessage();
      assertTrue(
          message.contains("it has no item 9") || message.contains("its format is unsupported"),
          message);
    }
  }
}
