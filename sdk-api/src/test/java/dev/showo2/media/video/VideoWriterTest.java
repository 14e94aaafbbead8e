package dev.showo2.media.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.showo2.error.InvalidRequestException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VideoWriterTest {

  private static final BufferedImage FRAME = Clips.plain(16, 16, 0x336699);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip"})
  void withoutFinishNothingIsLeft(String name) {
    RuntimeException lost = new RuntimeException("the model failed");
    RuntimeException e =
        assertThrows(
            RuntimeException.class,
            () -> {
              try (VideoWriter writer = VideoWriter.create(directory.resolve(name))) {
                writer.frame(0, FRAME);
                writer.frame(1, FRAME);
                throw lost;
              }
            });
    assertEquals(lost, e);
    assertEquals(0, e.getSuppressed().length);
    assertEquals(List.of(), Clips.names(directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif"})
  void oldFileStaysUntilTheNewOneIsComplete(String name) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "old");
    try (VideoWriter writer = VideoWriter.create(file)) {
      writer.frame(0, FRAME);
      assertEquals("old", Files.readString(file));
    }
    assertEquals("old", Files.readString(file));
    try (VideoWriter writer = VideoWriter.create(file)) {
      writer.frame(0, FRAME);
      writer.finish();
      assertEquals(1, Clips.read(file).size());
    }
    assertEquals(List.of(name), Clips.names(directory));
    assertEquals(1, Clips.read(file).size());
  }

  @Test
  void emptyFolderIsFilledAndAFullOneRefused() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("clip"));
    VideoWriter.write(List.of(FRAME), 8, folder);
    assertEquals(List.of("frame-0001.png"), Clips.names(folder));
    assertEquals(
        "cannot write a video to " + folder + ": the folder is not empty; name a new one",
        message(folder));
    assertEquals(List.of("clip"), Clips.names(directory));
  }

  @Test
  void nothingIsWrittenBeforeTheFirstFrame() {
    try (VideoWriter writer = VideoWriter.create(directory.resolve("clip.mp4"))) {
      assertEquals(List.of(), Clips.names(directory));
      assertEquals(
          "cannot write a video to "
              + directory.resolve("clip.mp4")
              + ": it has no frames; at least one is needed",
          assertThrows(InvalidRequestException.class, writer::finish).getMessage());
    }
    assertEquals(List.of(), Clips.names(directory));
  }

  @Test
  void frameOfAnotherSizeIsRefusedAndEndsIt() {
    try (VideoWriter writer = VideoWriter.create(directory.resolve("clip.mp4"))) {
      writer.frame(0, FRAME);
      assertEquals(
          "frame 1 should be of 16x16 pixels like those before it, found 8x16",
          assertThrows(InvalidRequestException.class, () -> writer.frame(1, Clips.plain(8, 16, 0)))
              .getMessage());
      assertEquals(
          "the video " + directory.resolve("clip.mp4") + " could not be written",
          assertThrows(IllegalStateException.class, writer::finish).getMessage());
    }
    assertEquals(List.of(), Clips.names(directory));
  }

  @Test
  void gapBetweenFramesIsAnError() {
    try (VideoWriter writer = VideoWriter.create(directory.resolve("clip.gif"))) {
      writer.frame(0, FRAME);
      assertEquals(
          "frame 1 of the video was expected, got frame 2",
          assertThrows(IllegalArgumentException.class, () -> writer.frame(2, FRAME)).getMessage());
      writer.frame(1, FRAME);
      writer.finish();
    }
    assertEquals(2, Clips.read(directory.resolve("clip.gif")).size());
  }

  @Test
  void nothingIsAddedToAFinishedVideo() {
    VideoWriter writer = VideoWriter.create(directory.resolve("clip.gif"));
    writer.frame(0, FRAME);
    writer.finish();
    assertEquals(
        "the video " + directory.resolve("clip.gif") + " is finished or closed",
        assertThrows(IllegalStateException.class, () -> writer.frame(1, FRAME)).getMessage());
    writer.close();
    writer.close();
    assertThrows(IllegalStateException.class, writer::finish);
    assertEquals(List.of("clip.gif"), Clips.names(directory));
  }

  @Test
  void otherEndingsAreRefusedWithThoseThatAreWritten() {
    for (String name : List.of("clip.avi", "clip.mp4.part", "a.b")) {
      Path file = directory.resolve(name);
      assertEquals(
          "cannot write a video to "
              + file
              + ": a name that ends with .mp4, .webm or .gif was expected, or one without an"
              + " ending for a folder of PNG images, found "
              + name.substring(name.lastIndexOf('.')),
          message(file));
    }
  }

  @Test
  void missingDirectoryIsNamed() {
    for (String name : List.of("clip.mp4", "clip.gif", "clip")) {
      Path file = directory.resolve("none").resolve(name);
      assertEquals(
          "cannot write a video to " + file + ": its directory does not exist; create it first",
          message(file));
    }
  }

  @Test
  void directoryAndFileInTheWayAreNamed() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("clip.mp4"));
    assertEquals(
        "cannot write a video to " + folder + ": it is a directory; name a file in it",
        message(folder));
    Path file = Files.createFile(directory.resolve("clip"));
    assertEquals(
        "cannot write a video to " + file + ": there is a file of this name; name a new folder",
        message(file));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -8, Double.NaN, 1001, Double.POSITIVE_INFINITY, 0.001})
  void frameRatesThatCannotBe(double rate) {
    assertEquals(
        "frame rate: from 0.01 to 1000.0 frames a second are needed, found " + rate,
        assertThrows(
                InvalidRequestException.class,
                () -> VideoWriter.create(directory.resolve("clip.mp4"), rate))
            .getMessage());
  }

  @Test
  void gifIsNotAsFastAsThat() {
    assertEquals(
        "frame rate: up to 50.0 frames a second fit into a GIF, found 60.0;"
            + " write an MP4 or fewer frames",
        assertThrows(
                InvalidRequestException.class,
                () -> VideoWriter.create(directory.resolve("clip.gif"), 60))
            .getMessage());
  }

  @Test
  void hugeFramesAreRefused() {
    BufferedImage huge = new BufferedImage(9000, 4000, BufferedImage.TYPE_BYTE_BINARY);
    try (VideoWriter writer = VideoWriter.create(directory.resolve("clip.mp4"))) {
      InvalidRequestException e =
          assertThrows(InvalidRequestException.class, () -> writer.frame(0, huge));
      assertTrue(e.getMessage().contains("9000x4000"), e.getMessage());
    }
    assertEquals(List.of(), Clips.names(directory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"clip.mp4", "clip.webm", "clip.gif", "clip"})
  @DisabledOnOs(OS.WINDOWS) // where an open file cannot be removed
  void diskThatRefusesIsNamed(String name) throws IOException {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path file = folder.resolve(name);
    try (VideoWriter writer = VideoWriter.create(file)) {
      writer.frame(0, FRAME);
      removeAll(folder);
      UncheckedIOException e = assertThrows(UncheckedIOException.class, writer::finish);
      assertTrue(e.getMessage().startsWith("cannot write a video to " + file), e.getMessage());
    }
    assertEquals(List.of(), Clips.names(directory));
  }

  private static void removeAll(Path folder) throws IOException {
    for (String name : Clips.names(folder)) {
      Path entry = folder.resolve(name);
      if (Files.isDirectory(entry)) {
        removeAll(entry);
      } else {
        Files.delete(entry);
      }
    }
    Files.delete(folder);
  }

  private static String message(Path file) {
    return assertThrows(InvalidRequestException.class, () -> VideoWriter.create(file)).getMessage();
  }
}
