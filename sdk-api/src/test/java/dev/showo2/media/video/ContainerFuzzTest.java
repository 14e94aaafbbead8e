package dev.showo2.media.video;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.showo2.media.UntrustedMedia;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of files before FFmpeg decodes them: boxes of MP4 and headers of Matroska. */
class ContainerFuzzTest {

  /** For at most 20,000 boxes. */
  private static final long LIMIT = 16 << 20;

  private static final Path FILE = Path.of("fuzzed");

  @Timeout(10)
  @MethodSource("boxes")
  @FuzzTest
  void boxesAreReadOrRefused(byte[] mp4) throws Exception {
    UntrustedMedia.readOrRefuse(
        LIMIT, () -> IsoStructure.auxiliaryTracks(FILE, new BytesChannel(mp4)));
  }

  @Timeout(10)
  @MethodSource("segments")
  @FuzzTest
  void segmentsAreReadOrRefused(byte[] matroska) throws Exception {
    UntrustedMedia.readOrRefuse(
        LIMIT,
        () -> {
          MatroskaLength.require(FILE, new BytesChannel(matroska));
          return true;
        });
  }

  /** A file in memory, for reading. */
  private static final class BytesChannel implements SeekableByteChannel {

    private final byte[] bytes;
    private long position;

    BytesChannel(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer target) {
      if (position >= bytes.length) {
        return -1;
      }
      int count = Math.min(target.remaining(), bytes.length - (int) position);
      target.put(bytes, (int) position, count);
      position += count;
      return count;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      if (newPosition < 0) {
        throw new IllegalArgumentException("position " + newPosition);
      }
      position = newPosition;
      return this;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {
      // There is nothing to free.
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
