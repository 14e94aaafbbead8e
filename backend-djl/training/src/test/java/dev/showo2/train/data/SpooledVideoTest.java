package dev.showo2.train.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporary files of videos, of which none is left. */
class SpooledVideoTest {

  @TempDir private Path folder;

  private static ExampleMedia.OfBytes video(ExampleMedia.Reader reader) {
    return new ExampleMedia.OfBytes("a.tar!0001.mp4", reader);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aFileIsThereUntilItIsClosed() throws IOException {
    try (SpooledVideo spooled = SpooledVideo.of(video(() -> new byte[] {1, 2, 3}), folder)) {
      assertEquals(List.of(spooled.file()), files());
      assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(spooled.file()));
    }
    assertEquals(List.of(), files());
  }

  @Test
  void nothingIsLeftOfWhatCannotBeRead() throws IOException {
    for (Throwable failure :
        List.of(new IOException("ends"), new IllegalStateException("closed"), new Error("full"))) {
      ExampleMedia.Reader reader =
          new ExampleMedia.Reader() {
            @Override
            public byte[] read() {
              throw new AssertionError("copied, not read");
            }

            @Override
            public void copyTo(OutputStream out) throws IOException {
              out.write(new byte[10]);
              if (failure instanceof Error error) {
                throw error;
              }
              if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
              }
              throw (IOException) failure;
            }
          };
      assertSame(
          failure,
          assertThrows(Throwable.class, () -> SpooledVideo.of(video(reader), folder).close()));
      assertEquals(List.of(), files(), failure.toString());
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsNoFaultOfTheArchive() {
    Path missing = folder.resolve("missing");
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class,
            () -> SpooledVideo.of(video(() -> new byte[1]), missing).close());
    assertTrue(failure.getMessage().contains("temporary file"), failure.getMessage());
  }
}
