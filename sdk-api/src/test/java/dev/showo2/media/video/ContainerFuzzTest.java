package dev.showo2.media.video;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.media.UntrustedMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of files before FFmpeg decodes them: boxes of MP4 and headers of Matroska. */
class ContainerFuzzTest {

  /** For at most 20,000 boxes. */
  private static final long LIMIT = 16 << 20;

  private static Path file;

  @Timeout(10)
  @MethodSource("boxes")
  @FuzzTest
  void boxesAreReadOrRefused(byte[] mp4) throws Exception {
    Path written = write(mp4);
    UntrustedMedia.readOrRefuse(LIMIT, () -> IsoStructure.auxiliaryTracks(written));
  }

  @Timeout(10)
  @MethodSource("segments")
  @FuzzTest
  void segmentsAreReadOrRefused(byte[] matroska) throws Exception {
    Path written = write(matroska);
    UntrustedMedia.readOrRefuse(
        LIMIT,
        () -> {
          MatroskaLength.require(written);
          return true;
        });
  }

  private static Path write(byte[] bytes) throws IOException {
    if (file == null) {
      file = Files.createTempFile("fuzzed", "");
    }
    return Files.write(file, bytes);
  }

  @AfterAll
  static void delete() throws IOException {
    if (file != null) {
      Files.delete(file);
    }
  }

  static Stream<Named<byte[]>> boxes() {
    return Stream.of(video("clip.mp4"), image("grid.avif"), image("second.heic"));
  }

  static Stream<Named<byte[]>> segments() {
    return Stream.of(video("clip.webm"));
  }

  private static Named<byte[]> image(String name) {
    try {
      return Named.of(
          name, ContainerFuzzTest.class.getResourceAsStream("/media/" + name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Named<byte[]> video(String name) {
    try {
      Path folder = Files.createTempDirectory("clip");
      Path video = folder.resolve(name);
      try {
        VideoWriter.write(Clips.numbered(16, 16, 2), 8, video);
        return Named.of(name, Files.readAllBytes(video));
      } finally {
        Files.deleteIfExists(video);
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
