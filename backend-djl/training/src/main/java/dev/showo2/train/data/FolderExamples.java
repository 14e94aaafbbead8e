package dev.showo2.train.data;

import dev.showo2.error.InvalidRequestException;
import dev.showo2.error.internal.Interruptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Images or videos of a folder and those within, each with its caption in a text file beside it; or
 * images alone.
 */
final class FolderExamples implements ExampleSource {

  static final int MAX_CAPTION_BYTES = 1 << 20;
  private static final int MAX_FILES = 10_000_000;
  private static final String CAPTION = ".txt";

  private final List<Path> files;
  private final boolean captioned;
  private final String fingerprint;

  private FolderExamples(List<Path> files, boolean captioned, String fingerprint) {
    this.files = files;
    this.captioned = captioned;
    this.fingerprint = fingerprint;
  }

  /**
   * @param captioned false for images alone, whose text is empty
   */
  static FolderExamples open(Path folder, boolean captioned) {
    if (!Files.isDirectory(folder)) {
      throw new InvalidRequestException(
          "expected a folder of images"
              + (captioned ? " with text files" : "")
              + ", found "
              + (Files.exists(folder) ? "a file: " : "none at ")
              + folder);
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files =
          walk.filter(file -> isExample(MediaNames.ending(file.toString()), captioned))
              .filter(Files::isRegularFile)
              .limit(MAX_FILES + 1L)
              .sorted()
              .toList();
      if (files.isEmpty() || files.size() > MAX_FILES) {
        throw new InvalidRequestException(
            folder
                + ": expected 1 to "
                + MAX_FILES
                + (captioned ? " images or videos, found " : " images, found ")
                + (files.isEmpty() ? "none" : "more"));
      }
      CRC32C names = new CRC32C();
      for (Path file : files) {
        names.update(
            (folder.relativize(file) + ":" + Files.size(file) + "\n")
                .getBytes(StandardCharsets.UTF_8));
      }
      String kind = captioned ? "folder:" : "images:";
      return new FolderExamples(files, captioned, kind + Long.toHexString(names.getValue()));
    } catch (IOException | UncheckedIOException e) {
      throw Interruptions.cancelledOr(
          e, () -> new InvalidRequestException("cannot read " + folder + ": " + e, e));
    }
  }

  private static boolean isExample(String ending, boolean captioned) {
    return captioned ? MediaNames.isImageOrVideo(ending) : MediaNames.isImage(ending);
  }

  @Override
  public long size() {
    return files.size();
  }

  @Override
  public Example read(long index) {
    Path file = files.get((int) index);
    if (!captioned) {
      return new Example.Captioned("", ExampleMedia.of(file));
    }
    String name = file.getFileName().toString();
    Path caption = file.resolveSibling(name.substring(0, name.lastIndexOf('.')) + CAPTION);
    if (!Files.isRegularFile(caption)) {
      throw new BadExampleException(
          ExampleProblem.EMPTY_TEXT, "expected a caption in " + caption + ", found no such file");
    }
    try (InputStream input = Files.newInputStream(caption)) {
      return new Example.Captioned(
          text(input.readNBytes(MAX_CAPTION_BYTES + 1), caption.toString()), ExampleMedia.of(file));
    } catch (IOException e) {
      throw Interruptions.cancelledOr(
          e,
          () ->
              new BadExampleException(
                  ExampleProblem.MALFORMED, "cannot read " + caption + ": " + e.getMessage(), e));
    }
  }

  /** A caption, without the newline that editors put at its end. */
  static String text(byte[] utf8, String origin) {
    if (utf8.length > MAX_CAPTION_BYTES) {
      throw new BadExampleException(
          ExampleProblem.MALFORMED,
          "expected a caption of at most " + MAX_CAPTION_BYTES + " bytes, found more in " + origin);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString().strip();
    } catch (CharacterCodingException e) {
      throw new BadExampleException(
          ExampleProblem.MALFORMED, "expected UTF-8, found other bytes in " + origin, e);
    }
  }

  @Override
  public String origin(long index) {
    return files.get((int) index).toString();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void close() {
    // Files are opened one by one.
  }
}
